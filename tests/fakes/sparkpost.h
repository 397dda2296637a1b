#pragma once

#include "tests/fakes/idempotency.h"
#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /api/v1/transmissions with content.email_rfc822; GET /api/v1/account.
class SparkPost : public Provider {
  public:
    SparkPost(PostOffice& office, Faults& faults);

    void reset() override;
    bool is_sending(const Request& request) const override;
    std::vector<HookPost> posts(const std::vector<HookEvent>& events, const HookOrder& order) const override;

  protected:
    std::optional<Reply> route(const Request& request) const override;
    bool is_authorized(const Request& request) const override;
    Reply look(const Request& request) override;
    Draft read(const Request& request) override;
    Reply refusal(const Fault& fault) const override;
    Reply accepted(const Mail& mail) const override;
    std::optional<Reply> replay(const Request& request) override;
    void remember(const Request& request, const Reply& reply) override;

  private:
    Idempotency idempotency_;
};

}  // namespace mailrota::fakes
