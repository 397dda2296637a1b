#include "core/providers/webhook.h"

#include "core/providers/hook_kinds.h"

namespace mailrota::providers {

std::unique_ptr<Webhook> make_webhook(config::ProviderSettings::Kind kind) {
    using Kind = config::ProviderSettings::Kind;
    switch (kind) {
        case Kind::sendgrid:
            return sendgrid_hook();
        case Kind::mailgun:
            return mailgun_hook();
        case Kind::mandrill:
            return mandrill_hook();
        case Kind::ses:
            return ses_hook();
        case Kind::postmark:
            return postmark_hook();
        case Kind::sparkpost:
            return sparkpost_hook();
        case Kind::resend:
            return resend_hook();
        case Kind::smtp:
            return nullptr;
    }
    return nullptr;
}

}  // namespace mailrota::providers
