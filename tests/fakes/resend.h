#pragma once

#include <chrono>
#include <deque>

#include "tests/fakes/idempotency.h"
#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /emails as JSON; GET /domains. A mail whose attachment's name and type do not fit is accepted and
/// silently dropped.
class Resend : public Provider {
  public:
    Resend(PostOffice& office, Faults& faults);

    void reset() override;
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
    std::optional<Reply> replay(const Request& request) override;
    void remember(const Request& request, const Reply& reply) override;

  private:
    bool is_too_fast();

    Idempotency idempotency_;
    std::deque<std::chrono::steady_clock::time_point> recent_;
};

/// {"statusCode", "name", "message"}.
Reply resend_error(int status, const std::string& name, const std::string& words);
/// What is wrong with a call; nothing if it is right.
std::optional<Reply> check_resend(const boost::json::value& call);
/// The mail of a call that is right, without its Idempotency-Key.
Mail resend_mail(const boost::json::object& call);

}  // namespace mailrota::fakes
