#pragma once

#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /email; GET /server and /messages/outbound (by metadata_mailrota_id).
class Postmark : public Provider {
  public:
    Postmark(PostOffice& office, Faults& faults);

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
    Reply outbound(const Request& request) const;
};

/// {"ErrorCode", "Message"}.
Reply postmark_error(int status, int code, const std::string& words);
/// What is wrong with one message of a call; nothing if it is right.
std::optional<Reply> check_postmark(const boost::json::value& message);

}  // namespace mailrota::fakes
