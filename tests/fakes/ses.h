#pragma once

#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// POST /v2/email/outbound-emails with Content.Raw, signed by SigV4; GET /v2/email/account; SNS's certificate
/// at any path that ends in .pem.
class Ses : public Provider {
  public:
    Ses(PostOffice& office, Faults& faults, const Keyring& keys);

    bool is_sending(const Request& request) const override;
    /// An event's overrides may have a member "sns", whose members replace those of the envelope before it is
    /// signed (SigningCertURL, TopicArn, SignatureVersion). The type "subscription_confirmation" makes one.
    std::vector<HookPost> posts(const std::vector<HookEvent>& events, const HookOrder& order) const override;

  protected:
    std::optional<Reply> route(const Request& request) const override;
    bool is_authorized(const Request& request) const override;
    Reply look(const Request& request) override;
    Draft read(const Request& request) override;
    std::string sending_domain(const Request& request, const Mail& mail) const override;
    Reply refusal(const Fault& fault) const override;
    Reply accepted(const Mail& mail) const override;

  private:
    HookPost post(const HookEvent& event, const HookOrder& order) const;

    const Keyring& keys_;
    mutable Reply why_unauthorized_;
};

}  // namespace mailrota::fakes
