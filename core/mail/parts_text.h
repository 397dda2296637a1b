#pragma once

#include <gmime/gmime.h>

#include <string>

#include "core/mail/parts.h"

namespace mailrota::mail {

// The content of a text part as UTF-8, lines ended by LF; what that loses is told to `parts`. At most `limit`
// bytes are read.
std::string decoded_text(Parts& parts, GMimePart* part, std::size_t limit);

// A part as a file; `shown` as in Parts::File.
Parts::File read_file(Parts& parts, GMimePart* part, bool shown, std::size_t limit);

// Content-ID without brackets; empty if there is none.
std::string content_id(GMimeObject* part);

}  // namespace mailrota::mail
