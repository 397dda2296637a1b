#pragma once

#include "tests/fakes/form.h"
#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /v3/{domain}/messages.mime and /messages; GET /v3/{domain}/events, /v3/domains, /v4/domains and one
/// domain below them.
/// Any other path is answered 200 "Mailgun Magnificent API".
class Mailgun : public Provider {
  public:
    Mailgun(PostOffice& office, Faults& faults);

    bool is_sending(const Request& request) const override;
    std::vector<HookPost> posts(const std::vector<HookEvent>& events, const HookOrder& order) const override;

  protected:
    std::optional<Reply> route(const Request& request) const override;
    bool is_authorized(const Request& request) const override;
    Reply look(const Request& request) override;
    Draft read(const Request& request) override;
    std::string sending_domain(const Request& request, const Mail& mail) const override;
    Reply refusal(const Fault& fault) const override;
    std::optional<Reply> turn_down(const Mail& mail, const std::vector<std::string>& bad,
                                   const std::vector<std::string>& suppressed) const override;
    Reply accepted(const Mail& mail) const override;

  private:
    Reply events_of(const Request& request) const;
    bool knows(const std::string& domain) const;
};

/// What is wrong with the fields of a call to messages.mime (`mime`) or messages; nothing if they are right.
std::optional<Reply> check_mailgun(const std::vector<FormPart>& parts, bool mime);

}  // namespace mailrota::fakes
