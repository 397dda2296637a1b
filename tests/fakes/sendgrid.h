#pragma once

#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /v3/mail/send as JSON; GET /v3/scopes.
class SendGrid : public Provider {
  public:
    SendGrid(PostOffice& office, Faults& faults, const Keyring& keys);

    bool is_sending(const Request& request) const override;
    std::vector<HookPost> posts(const std::vector<HookEvent>& events, const HookOrder& order) const override;

  protected:
    std::optional<Reply> route(const Request& request) const override;
    bool is_authorized(const Request& request) const override;
    Reply look(const Request& request) override;
    Draft read(const Request& request) override;
    Reply refusal(const Fault& fault) const override;
    std::optional<Reply> turn_down(const Mail& mail, const std::vector<std::string>& bad,
                                   const std::vector<std::string>& suppressed) const override;
    Reply accepted(const Mail& mail) const override;

  private:
    const Keyring& keys_;
};

}  // namespace mailrota::fakes
