#pragma once

#include <string>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// A refusal with Twilio's code. Without words it has the usual ones of the code.
Reply twilio_error(int code, std::string words = "");
/// The usual words of a code.
std::string twilio_words(int code);

}  // namespace mailrota::fakes
