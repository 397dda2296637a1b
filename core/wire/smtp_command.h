#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/mail/address.h"

namespace mailrota::wire {

enum class SmtpVerb {
    lhlo,
    ehlo,
    helo,
    mail,
    rcpt,
    data,
    bdat,
    rset,
    noop,
    vrfy,
    help,
    quit,
    starttls,
    auth,
    xforward,
    expn,
    http,  // GET, POST and the like: a browser was led here
    unknown,
};

// One command line (RFC 5321 section 4.1.1).
struct SmtpCommand {
    SmtpVerb verb = SmtpVerb::unknown;
    std::string_view argument;  // what follows the verb, blanks around it dropped
};

// What was read of a client's words, or the reply line that tells what is wrong with them: "501 5.5.4 …".
template <class T>
using Understood = tl::expected<T, std::string_view>;

SmtpCommand parse_command(std::string_view line);

// The argument of MAIL and RCPT: `<path>`, then the parameters as received, each name at most once.
struct SmtpPath {
    mail::Address address;
    std::vector<std::string> parameters;
};

// `keyword` is "FROM:" or "TO:". Takes the null path, `<postmaster>`, source routes, quoted local parts and
// any UTF-8; neither blanks nor controls outside of quotes.
Understood<SmtpPath> parse_path(std::string_view argument, std::string_view keyword);

// The argument of BDAT (RFC 3030).
struct SmtpChunk {
    std::uint64_t size = 0;
    bool last = false;
};
std::optional<SmtpChunk> parse_chunk(std::string_view argument);

// The words of `text`, split at blanks.
std::vector<std::string_view> split_words(std::string_view text);

}  // namespace mailrota::wire
