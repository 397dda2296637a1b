#pragma once

#include <string>
#include <string_view>

#include "core/config/config.h"
#include "core/mail/result.h"

namespace mailrota::runtime {

// Reads a secret: the file's first line (refused if others than owner and group can read it), systemd's
// credential of that name ($CREDENTIALS_DIRECTORY), or the environment variable. Trailing white space is cut;
// an empty secret is an error. The error names where the secret was looked for, never what was there.
Result<std::string> read_secret(const config::SecretSource& source);

// Whether two secrets are equal, in a time that does not tell how much of them is.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace mailrota::runtime
