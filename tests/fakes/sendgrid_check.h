#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// The form in which SendGrid says what is wrong; `field` is a path, or empty.
Reply sendgrid_error(int status, const std::string& message, const std::string& field = "");

/// What is wrong with the body of a mail/send call; nothing if it is right.
std::optional<Reply> check_sendgrid(const boost::json::value& call);

}  // namespace mailrota::fakes
