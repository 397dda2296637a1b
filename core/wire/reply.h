#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/policy/rule.h"

namespace mailrota::wire {

// A reply of SMTP or LMTP (RFC 5321 section 4.2, RFC 2034). Here `enhanced` may be empty (the other side gave
// none) and the code may be any of 200 … 599; a LF in the text stands between lines.
using Reply = policy::Reply;

// As it is sent, CRLF at each line's end, "250-…" before the last line. Control characters become blanks,
// what is not ASCII '?', lines are cut at 512 bytes.
std::string to_wire(const Reply& reply);

// On one line for logs and journals: "550 5.1.1 no such user; see https://…".
std::string to_line(const Reply& reply);
// The reverse of it, as far as it goes; nothing if there is no code.
std::optional<Reply> from_line(std::string_view line);

inline bool is_success(const Reply& reply) { return reply.code / 100 == 2; }
inline bool is_temporary(const Reply& reply) { return reply.code / 100 == 4; }
inline bool is_permanent(const Reply& reply) { return reply.code / 100 == 5; }

}  // namespace mailrota::wire
