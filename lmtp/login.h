#pragma once

#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::lmtp {

// Whether `lines` ("name:crypt(3) hash" each; empty lines and such that begin with '#' are left out) has this
// user with this password. An unknown user takes as long as a known one. Blocks for as long as the hash was
// made to take. Thread-safe.
bool login_valid(std::string_view lines, const std::string& user, const std::string& password);

// The same with the file's lines of now.
Result<bool> login_valid_by_file(const std::string& file, const std::string& user,
                                 const std::string& password);

}  // namespace mailrota::lmtp
