#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/policy/calendar.h"
#include "core/policy/named_list.h"
#include "core/policy/network.h"
#include "core/policy/pattern.h"

namespace mailrota::policy {

// What a test looks at. Several values (two headers of one name, all attachments) match if one does; a value
// that is absent matches nothing.
enum class Field {
    sender,     // envelope sender, "" for the null sender
    rcpt,       // the recipient at hand
    client_ip,  // matcher Network or text
    client_name,
    helo,
    auth,        // SASL login
    listener,    // ours
    daemon,      // the MTA's {daemon_name}
    header,      // decoded values of `header_name`
    raw_header,  // the bytes of them
    subject,
    dkim,            // domains whose signatures verified, by our Authentication-Results
    body,            // the text that is new in the mail
    body_quoted,     // what it repeats of earlier mails
    body_forwarded,  // what it passes on
    body_signature,
    body_all,  // decoded text
    body_raw,  // the bytes after the header
    attachment_name,
    attachment_type,
};
std::string_view to_string(Field field);

// Plain text: equal, ASCII letters folded. With * or ?: a glob. For addresses: compared by Address::key().
struct Exact {
    std::string text;
};
struct Glob {
    std::string text;
};
// A line of a named list, looked up at match time.
struct InList {
    std::shared_ptr<const NamedList> list;
};
using Matcher = std::variant<Exact, Glob, Pattern, Network, InList>;

struct Condition;

struct All {
    std::vector<Condition> of;  // none: yes
};
struct Any {
    std::vector<Condition> of;  // none: no
};
struct Not {
    std::shared_ptr<const Condition> of;
};
// Patterns of a test, one after the other in a sieve.
struct SievePlace {
    std::uint32_t sieve = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};
// One field against several matchers: yes if one of them says yes.
struct FieldTest {
    Field field{};
    std::string header_name;  // of header and raw_header; of dkim our authserv-id
    std::vector<Matcher> any_of;
    // Where its patterns stand in the policy's sieves (sieves.h), which sees to it.
    std::optional<SievePlace> place{};
};
// Bytes of the whole mail, both bounds included where given.
struct SizeTest {
    std::optional<std::uint64_t> at_least;
    std::optional<std::uint64_t> at_most;
};
// Whether the mail arrived within these hours.
struct TimeTest {
    Hours hours;
    Zone zone;
};
struct TrustTest {
    bool trusted = true;
};
// How it came to the MTA: by SMTP from anybody, by SMTP from a logged-in user, or by sendmail(1).
struct OriginTest {
    enum class Kind { inbound, authenticated, local };
    std::vector<Kind> any_of;
};

// A tree of tests. Immutable. `all` and `any` answer as Kleene's three-valued logic does: one no settles
// `all`, one yes settles `any`, whatever else could not be told.
struct Condition {
    std::variant<All, Any, Not, FieldTest, SizeTest, TimeTest, TrustTest, OriginTest> node;

    bool about_recipient() const;  // some test below looks at `rcpt`
};

}  // namespace mailrota::policy
