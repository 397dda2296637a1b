#include "core/wire/smtp_login.h"

#include <algorithm>
#include <utility>

#include "core/mail/header_text.h"
#include "core/wire/base64.h"
#include "core/wire/smtp_command.h"

namespace mailrota::wire {

namespace {

constexpr std::string_view bad_response = "501 5.5.2 cannot decode the response";

bool is_user(std::string_view user) {
    return !user.empty() && std::none_of(user.begin(), user.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

SmtpLogin::Step complete(std::string user, std::string password) {
    if (!is_user(user) || password.find('\0') != std::string::npos) return SmtpLogin::Fail{bad_response};
    return SmtpLogin::Complete{std::move(user), std::move(password)};
}

// [authorization id] NUL user NUL password. Nobody acts for somebody else here.
SmtpLogin::Step read_plain(std::string_view message) {
    const std::size_t first = message.find('\0');
    if (first == std::string_view::npos) return SmtpLogin::Fail{bad_response};
    const std::size_t second = message.find('\0', first + 1);
    if (second == std::string_view::npos) return SmtpLogin::Fail{bad_response};
    const std::string_view acting_for = message.substr(0, first);
    const std::string_view user = message.substr(first + 1, second - first - 1);
    if (!acting_for.empty() && acting_for != user) return SmtpLogin::Fail{"535 5.7.8 authentication failed"};
    return complete(std::string(user), std::string(message.substr(second + 1)));
}

}  // namespace

SmtpLogin::Step SmtpLogin::start(std::string_view argument) {
    const auto words = split_words(argument);
    if (words.empty() || words.size() > 2) return Fail{"501 5.5.4 syntax: AUTH mechanism [response]"};
    const bool plain = mail::same_name(words[0], "PLAIN");
    if (!plain && !mail::same_name(words[0], "LOGIN")) return Fail{"504 5.5.4 mechanism not supported"};
    expected_ = plain ? Expected::plain_message : Expected::login_user;
    if (words.size() == 1) return Say{plain ? "334 " : "334 VXNlcm5hbWU6"};
    return words[1] == "=" ? take("") : next_line(words[1]);
}

SmtpLogin::Step SmtpLogin::next_line(std::string_view line) {
    if (line == "*") return Fail{"501 5.7.0 authentication cancelled"};
    auto bytes = decode_base64(line);
    if (!bytes) return Fail{bad_response};
    return take(std::move(*bytes));
}

SmtpLogin::Step SmtpLogin::take(std::string bytes) {
    switch (expected_) {
        case Expected::plain_message:
            return read_plain(bytes);
        case Expected::login_user:
            user_ = std::move(bytes);
            expected_ = Expected::login_password;
            return Say{"334 UGFzc3dvcmQ6"};
        case Expected::login_password:
            return complete(std::move(user_), std::move(bytes));
    }
    return Fail{bad_response};
}

}  // namespace mailrota::wire
