#include "tests/fakes/hook.h"

namespace mailrota::fakes {

Keyring::Keyring() {
    authority_certificate = make_certificate(authority, {"mailrota test authority"});
    std::vector<std::string> hosts = {"localhost", "127.0.0.1", "sns.eu-west-1.amazonaws.com"};
    for (const auto& [host, kind] : provider_hosts()) hosts.push_back(host);
    certificate = make_certificate(sns, hosts, {&authority, authority_certificate});
}

const std::vector<std::pair<std::string, std::string>>& provider_hosts() {
    static const std::vector<std::pair<std::string, std::string>> hosts = {
        {"api.sendgrid.com", "sendgrid"},
        {"api.eu.sendgrid.com", "sendgrid"},
        {"api.mailgun.net", "mailgun"},
        {"api.eu.mailgun.net", "mailgun"},
        {"mandrillapp.com", "mandrill"},
        {"email.eu-west-1.amazonaws.com", "ses"},
        {"email.us-east-1.amazonaws.com", "ses"},
        {"api.postmarkapp.com", "postmark"},
        {"api.sparkpost.com", "sparkpost"},
        {"api.eu.sparkpost.com", "sparkpost"},
        {"api.resend.com", "resend"},
        {"api.twilio.com", "twilio"},
        {"api.dublin.ie1.twilio.com", "twilio"},
        {"api.sydney.au1.twilio.com", "twilio"}};
    return hosts;
}

void override_members(boost::json::object& event, const boost::json::object& overrides) {
    for (const auto& [name, value] : overrides) {
        auto* member = event.if_contains(name);
        if (member && member->is_object() && value.is_object())
            override_members(member->get_object(), value.get_object());
        else
            event[name] = value;
    }
}

HookPost finished(HookPost post, const HookOrder& order) {
    if (!order.alter || post.body.empty()) return post;
    const auto digit = post.body.find_last_of("0123456789");
    auto& byte = post.body[digit == std::string::npos ? post.body.size() / 2 : digit];
    byte = byte == '7' ? '8' : '7';
    return post;
}

}  // namespace mailrota::fakes
