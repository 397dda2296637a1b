#pragma once

#include <optional>
#include <string>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// Who may sign.
struct SigV4Terms {
    std::string access_key;
    std::string secret_key;
    std::string region;
    std::string service;
};

/// What is wrong with the AWS Signature Version 4 of a request: name and words of the error.
struct SigV4Fault {
    std::string name;
    std::string words;
};
/// Computes the whole chain anew over the target as it came, the signed headers and the body. Host and
/// X-Amz-Date must be signed, and the date be at most five minutes off.
std::optional<SigV4Fault> check_sigv4(const Request& request, const SigV4Terms& terms, Seconds now);

}  // namespace mailrota::fakes
