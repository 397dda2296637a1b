#pragma once

#include <span>

#include "core/providers/telephone.h"

namespace mailrota::providers {

// What one of the provider's own error codes asks for, of requests as of calls and messages that failed.
struct PhoneCode {
    int code = 0;
    PhoneOutcome outcome = PhoneOutcome::configuration;
    bool may_pass = false;  // number: seen while a network was away too
};

// All that are known, by code.
std::span<const PhoneCode> phone_codes();
// Null: not known.
const PhoneCode* phone_code(int code);

}  // namespace mailrota::providers
