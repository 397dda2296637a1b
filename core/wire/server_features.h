#pragma once

#include <cstdint>
#include <string_view>

namespace mailrota::wire {

// What a server announces in its reply to EHLO or LHLO (RFC 5321 section 4.1.1.1) and we make use of.
struct ServerFeatures {
    bool pipelining = false;  // RFC 2920
    bool eight_bit = false;   // 8BITMIME, RFC 6152
    bool dsn = false;         // RFC 3461
    bool smtputf8 = false;    // RFC 6531
    bool size = false;        // RFC 1870
    bool starttls = false;    // RFC 3207
    bool auth_plain = false;  // RFC 4954
    bool auth_login = false;
    bool xforward_ident = false;  // XFORWARD … IDENT, Postfix's XFORWARD_README
    std::uint64_t max_size = 0;   // 0: none announced

    bool operator==(const ServerFeatures&) const = default;
};

// `text` is the reply's: lines separated by LF, the first is the server's name. Keywords in any case; what is
// unknown is passed over.
ServerFeatures parse_features(std::string_view text);

}  // namespace mailrota::wire
