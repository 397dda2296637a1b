#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace mailrota::wire {

// The dialogue of AUTH PLAIN (RFC 4616) and AUTH LOGIN, without the decision whether the password is right.
class SmtpLogin {
  public:
    struct Say {  // a prompt, and the client's next line goes to next_line()
        std::string_view line;
    };
    struct Fail {  // the dialogue is over with this reply
        std::string_view line;
    };
    struct Complete {
        std::string user;
        std::string password;
    };
    using Step = std::variant<Say, Fail, Complete>;

    // The argument of AUTH: mechanism, and an initial response or nothing.
    Step start(std::string_view argument);
    Step next_line(std::string_view line);

  private:
    enum class Expected { plain_message, login_user, login_password };

    Step take(std::string bytes);

    Expected expected_ = Expected::plain_message;
    std::string user_;
};

}  // namespace mailrota::wire
