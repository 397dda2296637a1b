#pragma once

#include <string>

#include "core/providers/phone_form.h"
#include "core/providers/telephone.h"

// An account, a contact and answers for the tests of telephones.
namespace mailrota::providers {

inline config::TelephoneSettings phone_settings() {
    config::TelephoneSettings settings;
    settings.name = "main";
    settings.account = "AC0123456789abcdef0123456789abcdef";
    settings.user = "SK0123456789abcdef0123456789abcdef";
    settings.from = "+15550100";
    settings.base_url = "https://api.twilio.com";
    return settings;
}

inline Telephone telephone(config::TelephoneSettings settings = phone_settings()) {
    return {std::move(settings), {"s3cret", {"token"}}};
}

inline policy::Contact contact_by(policy::Contact::Way way, std::string provider_id = "") {
    policy::Contact contact;
    contact.id = "00112233445566778899aabbccddeeff";
    contact.incident = 17;
    contact.way = way;
    contact.member = "ann";
    contact.number = "+15550123";
    contact.state = provider_id.empty() ? policy::Contact::State::begun : policy::Contact::State::placed;
    contact.provider_id = std::move(provider_id);
    return contact;
}

// The fields of a request's form.
inline Form form_of(const HttpRequest& request) {
    return *callback_form(
        {"POST", "", "application/x-www-form-urlencoded", "", std::get<std::string>(request.body)});
}

inline HttpAnswer answered(int status, std::string body = "") {
    return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

inline HttpAnswer error_answer(int status, int code) {
    return answered(status,
                    R"({"code":)" + std::to_string(code) +
                        R"(,"message":"That is not so","more_info":"https://example.com/","status":)" +
                        std::to_string(status) + "}");
}

}  // namespace mailrota::providers
