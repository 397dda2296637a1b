#include "core/wire/client_login.h"

#include <string_view>
#include <utility>

#include "core/wire/base64.h"

namespace mailrota::wire {

namespace {

constexpr std::string_view hidden = "[hidden]";

void hide(std::string& text, const std::string& secret) {
    if (secret.empty()) return;
    for (auto place = text.find(secret); place != std::string::npos;
         place = text.find(secret, place + hidden.size()))
        text.replace(place, secret.size(), hidden);
}

std::string plain_message(const std::string& user, const std::string& password) {
    std::string message(1, '\0');
    ((message += user) += '\0') += password;
    return encode_base64(message);
}

}  // namespace

ClientLogin::ClientLogin(std::string user, std::string password)
    : user_(std::move(user)), password_(std::move(password)) {}

std::optional<std::string> ClientLogin::begin(const ServerFeatures& features) {
    if (features.auth_plain) return "AUTH PLAIN " + plain_message(user_, password_);
    if (!features.auth_login) return std::nullopt;
    next_ = Next::user;
    return "AUTH LOGIN";
}

std::optional<std::string> ClientLogin::go_on() {
    switch (next_) {
        case Next::user:
            next_ = Next::password;
            return encode_base64(user_);
        case Next::password:
            next_ = Next::nothing;
            return encode_base64(password_);
        case Next::nothing:
            break;
    }
    return std::nullopt;
}

Reply ClientLogin::without_secrets(Reply reply) const {
    hide(reply.text, plain_message(user_, password_));
    hide(reply.text, encode_base64(password_));
    hide(reply.text, password_);
    return reply;
}

}  // namespace mailrota::wire
