#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"

namespace mailrota::mail {

// What a mail is known by, over retries and second entrances: 32 hexadecimal digits.
//
// A digest (SHA-256, cut to 128 bits) of the client's Message-ID, Date and From. Never of body, sender or
// queue id: a policy on recipients must not need the body, Postfix's LMTP client re-breaks long lines, and
// queue ids change with every offer.
struct MessageKey {
    std::string hex;
    bool repeatable =
        false;  // false: the mail had no Message-ID of its client's, so every offer is a new mail

    bool operator==(const MessageKey&) const = default;
};

// The key of a mail with these headers. `queue_id` is the MTA's: a Message-ID that contains it was made by
// the MTA and changes with every offer. `nonce` (anything unique) makes the key where none can be had from
// the mail.
MessageKey message_key(const Message& message, std::string_view queue_id, std::string_view nonce);

// The message ids that name this mail's conversation, oldest first, without angle brackets, each once:
// References, then In-Reply-To, then its own Message-ID (RFC 5322 section 3.6.4). At most 100, the newest
// kept.
std::vector<std::string> thread_ids(const Message& message);

// A secret of 32 bytes that the store keeps for all nodes.
using TraceSecret = std::array<std::uint8_t, 32>;

// What our trace header says: what was applied to the mail, and how often it was redirected.
struct Trace {
    std::vector<std::string>
        rotas;  // names; mark_of_rule() for a rule that copied the mail or added to its header
    int hops = 0;

    bool passed(std::string_view rota) const;
    bool operator==(const Trace&) const = default;
};

// How a trace names a rule: the rule's own name may hold anything, so this is a digest of it.
std::string mark_of_rule(std::string_view name);

// The trace header's name.
inline constexpr std::string_view trace_header = "X-Mailrota-Trace";

// The value of a trace header, signed (HMAC-SHA-256) together with `identity` so that it cannot be moved to
// another mail.
std::string sign_trace(const Trace& trace, std::string_view identity, const TraceSecret& secret);

// What binds a trace to its mail: Message-ID, Date and From, digested; the same after a redirection.
std::string trace_identity(const Message& message);

// The trace that the mail carries: of several, the valid one with the most hops; an empty one if none is
// valid. Constant-time compare.
Trace read_trace(const Message& message, const TraceSecret& secret);

}  // namespace mailrota::mail
