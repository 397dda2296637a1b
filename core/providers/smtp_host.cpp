#include "core/providers/smtp_host.h"

#include <utility>

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;
using Edits = std::vector<mail::HeaderEdit>;

void add(Edits& edits, std::string name, std::string value) {
    edits.push_back({mail::HeaderEdit::Kind::add, std::move(name), std::move(value)});
}

Edits mailgun(const Outgoing& mail) {
    Edits edits;
    add(edits, "X-Mailgun-Variables", id_json(mail));
    add(edits, "X-Mailgun-Track", mail.tracking ? "yes" : "no");
    return edits;
}

Edits mandrill(const Outgoing& mail) {
    Edits edits;
    add(edits, "X-MC-Metadata", id_json(mail));
    add(edits, "X-MC-Track", mail.tracking ? "opens,clicks_all" : "");
    // Else each copy's To becomes its one recipient, as the account is set.
    add(edits, "X-MC-PreserveRecipients", "true");
    return edits;
}

Edits ses(const config::ProviderSettings& settings, const Outgoing& mail) {
    Edits edits;
    // SES writes Message-ID and Date anew, which breaks it.
    edits.push_back({mail::HeaderEdit::Kind::remove, "DKIM-Signature", {}});
    add(edits, "X-SES-MESSAGE-TAGS", "mailrota_id=" + mail.id);
    if (!settings.configuration_set.empty())
        add(edits, "X-SES-CONFIGURATION-SET", settings.configuration_set);
    return edits;
}

Edits postmark(const config::ProviderSettings& settings, const Outgoing& mail) {
    Edits edits;
    add(edits, "X-PM-Metadata-mailrota_id", mail.id);
    add(edits, "X-PM-KeepID", "true");
    add(edits, "X-PM-TrackOpens", mail.tracking ? "true" : "false");
    add(edits, "X-PM-TrackLinks", mail.tracking ? "HtmlAndText" : "None");
    if (!settings.message_stream.empty()) add(edits, "X-PM-Message-Stream", settings.message_stream);
    return edits;
}

Edits one(std::string name, std::string value) {
    Edits edits;
    add(edits, std::move(name), std::move(value));
    return edits;
}

constexpr std::uint64_t megabyte = 1'000'000;

Traits limited(std::size_t recipients, std::uint64_t megabytes) {
    Traits traits;
    traits.raw = true;
    traits.null_sender = true;
    traits.keeps_message_id = true;
    traits.keeps_dkim = true;
    traits.tracking_switch = true;
    traits.max_recipients = recipients;
    traits.max_size = megabytes * megabyte;
    return traits;
}

}  // namespace

std::string id_json(const Outgoing& mail) { return R"({"mailrota_id":")" + mail.id + R"("})"; }

std::string sendgrid_smtpapi(const Outgoing& mail) {
    std::string value = R"({"unique_args":)" + id_json(mail);
    if (!mail.tracking) {
        constexpr std::string_view off = R"({"settings":{"enable":0}})";
        value.append(R"(,"filters":{"clicktrack":)").append(off);
        value.append(R"(,"opentrack":)").append(off);
        value.append(R"(,"subscriptiontrack":)").append(off).append("}");
    }
    return value + "}";
}

std::string sparkpost_msys_api(const Outgoing& mail) {
    const std::string on = mail.tracking ? "true" : "false";
    return R"({"metadata":)" + id_json(mail) + R"(,"options":{"open_tracking":)" + on +
           R"(,"click_tracking":)" + on + R"(,"transactional":true}})";
}

Traits smtp_traits(Kind kind) {
    switch (kind) {
        case Kind::sendgrid:
            return limited(1000, 30);
        case Kind::mailgun:
            return limited(1000, 25);
        case Kind::mandrill: {
            Traits traits = limited(1000, 25);
            traits.keeps_message_id = false;  // nothing says so
            return traits;
        }
        case Kind::ses: {
            Traits traits = limited(50, 40);
            traits.keeps_message_id = traits.keeps_dkim = traits.tracking_switch = false;
            return traits;
        }
        case Kind::postmark:
            return limited(50, 10);
        case Kind::sparkpost:
            return limited(1000, 20);
        case Kind::resend: {
            Traits traits = limited(50, 40);
            traits.keeps_message_id = traits.tracking_switch = false;
            traits.idempotent = true;  // by Resend-Idempotency-Key
            return traits;
        }
        case Kind::smtp:
            break;
    }
    Traits traits = limited(100, 0);  // as many as any server takes (RFC 5321 section 4.5.3.1.8)
    traits.keeps_envelope_sender = true;
    traits.tracking_switch = false;
    return traits;
}

std::vector<mail::HeaderEdit> smtp_headers(const config::ProviderSettings& settings, const Outgoing& mail) {
    switch (settings.kind) {
        case Kind::sendgrid:
            return one("X-SMTPAPI", sendgrid_smtpapi(mail));
        case Kind::mailgun:
            return mailgun(mail);
        case Kind::mandrill:
            return mandrill(mail);
        case Kind::ses:
            return ses(settings, mail);
        case Kind::postmark:
            return postmark(settings, mail);
        case Kind::sparkpost:
            return one("X-MSYS-API", sparkpost_msys_api(mail));
        case Kind::resend:
            return one("Resend-Idempotency-Key", mail.id);
        case Kind::smtp:
            break;
    }
    return {};
}

}  // namespace mailrota::providers
