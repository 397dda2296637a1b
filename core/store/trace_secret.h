#pragma once

#include <optional>
#include <string>

#include "core/mail/keys.h"
#include "core/mail/result.h"

namespace mailrota::store {

// 32 bytes from the operating system's generator.
Result<std::string> new_trace_secret();

// Fails with `invalid` unless the bytes are 32.
Result<mail::TraceSecret> to_trace_secret(const std::optional<std::string>& bytes);

}  // namespace mailrota::store
