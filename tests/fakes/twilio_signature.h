#pragma once

#include <string>
#include <string_view>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

/// X-Twilio-Signature of a form POST to this URL (of a GET, without parameters): names sorted by bytes, the
/// distinct values of each sorted.
std::string twilio_signature(std::string_view token, std::string_view url, Fields parameters = {});

/// "a=1&b=2"
std::string urlencoded(const Fields& fields);

}  // namespace mailrota::fakes
