#include "core/providers/dialect.h"

#include <utility>

#include "core/providers/answer_text.h"
#include "core/providers/mailgun.h"
#include "core/providers/mandrill.h"
#include "core/providers/postmark.h"
#include "core/providers/resend.h"
#include "core/providers/sendgrid.h"
#include "core/providers/ses.h"
#include "core/providers/sparkpost.h"

namespace mailrota::providers {

using Kind = config::ProviderSettings::Kind;

std::unique_ptr<Dialect> make_dialect(const config::ProviderSettings& settings, Keys keys) {
    switch (settings.kind) {
        case Kind::sendgrid:
            return make_sendgrid(settings, std::move(keys));
        case Kind::mailgun:
            return make_mailgun(settings, std::move(keys));
        case Kind::mandrill:
            return make_mandrill(settings, std::move(keys));
        case Kind::ses:
            return make_ses(settings, std::move(keys));
        case Kind::postmark:
            return make_postmark(settings, std::move(keys));
        case Kind::sparkpost:
            return make_sparkpost(settings, std::move(keys));
        case Kind::resend:
            return make_resend(settings, std::move(keys));
        case Kind::smtp:
            break;
    }
    return nullptr;
}

Answer read_failure(const Outgoing& mail, const HttpFailure& failure) {
    const auto kind =
        failure.may_have_arrived ? RecipientAnswer::Kind::uncertain : RecipientAnswer::Kind::temporary;
    return answer_to_all(mail, {kind, {}, {}, clean_words(failure.words)});
}

}  // namespace mailrota::providers
