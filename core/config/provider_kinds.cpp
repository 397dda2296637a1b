#include "core/config/provider_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mailrota::config {

namespace {

using Kind = ProviderSettings::Kind;

constexpr ProviderKind kinds[] = {
    // kind, name, regions, raw, tracking_switch, id_over_http, id_over_smtp, signature
    {Kind::sendgrid, "sendgrid", true, false, true, false, true,
     "the public key of its signed event webhook"},
    {Kind::mailgun, "mailgun", true, true, true, true, true, "the HTTP webhook signing key"},
    {Kind::mandrill, "mandrill", false, true, true, false, false, "the webhook's key"},
    {Kind::ses, "ses", false, true, false, false, false, "SNS"},
    {Kind::postmark, "postmark", false, false, true, true, true, ""},
    {Kind::sparkpost, "sparkpost", true, true, true, true, true, ""},
    {Kind::resend, "resend", false, false, false, false, false, "the webhook's signing secret"},
    {Kind::smtp, "smtp", false, true, false, true, true, ""},
};

constexpr std::uint16_t submission_port = 587;

std::string smtp_host(Kind kind, std::string_view region) {
    const bool eu = region == "eu";
    switch (kind) {
        case Kind::sendgrid:
            return eu ? "smtp.eu.sendgrid.net" : "smtp.sendgrid.net";
        case Kind::mailgun:
            return eu ? "smtp.eu.mailgun.org" : "smtp.mailgun.org";
        case Kind::mandrill:
            return "smtp.mandrillapp.com";
        case Kind::ses:
            return fmt::format("email-smtp.{}.amazonaws.com", region);
        case Kind::postmark:
            return "smtp.postmarkapp.com";
        case Kind::sparkpost:
            return eu ? "smtp.eu.sparkpostmail.com" : "smtp.sparkpostmail.com";
        case Kind::resend:
            return "smtp.resend.com";
        case Kind::smtp:
            break;
    }
    return {};
}

}  // namespace

std::string_view to_string(Kind kind) { return provider_kind(kind).name; }

const ProviderKind& provider_kind(Kind kind) {
    return *std::find_if(std::begin(kinds), std::end(kinds),
                         [&](const ProviderKind& one) { return one.kind == kind; });
}

std::optional<Kind> find_provider_kind(std::string_view name) {
    const auto* found = std::find_if(std::begin(kinds), std::end(kinds),
                                     [&](const ProviderKind& one) { return one.name == name; });
    if (found == std::end(kinds)) return std::nullopt;
    return found->kind;
}

std::vector<std::string> provider_kind_names() {
    std::vector<std::string> names;
    for (const ProviderKind& one : kinds) names.emplace_back(one.name);
    return names;
}

std::string default_base_url(Kind kind, std::string_view region) {
    const bool eu = region == "eu";
    switch (kind) {
        case Kind::sendgrid:
            return eu ? "https://api.eu.sendgrid.com" : "https://api.sendgrid.com";
        case Kind::mailgun:
            return eu ? "https://api.eu.mailgun.net" : "https://api.mailgun.net";
        case Kind::mandrill:
            return "https://mandrillapp.com";
        case Kind::ses:
            return fmt::format("https://email.{}.amazonaws.com", region);
        case Kind::postmark:
            return "https://api.postmarkapp.com";
        case Kind::sparkpost:
            return eu ? "https://api.eu.sparkpost.com" : "https://api.sparkpost.com";
        case Kind::resend:
            return "https://api.resend.com";
        case Kind::smtp:
            break;
    }
    return {};
}

Endpoint default_smtp_host(Kind kind, std::string_view region) {
    Endpoint endpoint;
    endpoint.host = smtp_host(kind, region);
    endpoint.port = submission_port;
    endpoint.security = Endpoint::Security::starttls;
    return endpoint;
}

std::string default_smtp_user(Kind kind, std::string_view domain) {
    switch (kind) {
        case Kind::sendgrid:
            return "apikey";
        case Kind::mailgun:
            return domain.empty() ? "" : fmt::format("postmaster@{}", domain);
        case Kind::mandrill:
            return "mailrota";
        case Kind::sparkpost:
            return "SMTP_Injection";
        case Kind::resend:
            return "resend";
        case Kind::ses:
        case Kind::postmark:
        case Kind::smtp:
            break;
    }
    return {};
}

}  // namespace mailrota::config
