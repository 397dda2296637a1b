#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/network.h"

namespace mailrota::config {

// Where a secret is, never the secret itself: { file = "/path" }, { credential = "name" } (systemd's
// LoadCredential=) or { env = "NAME" }.
struct SecretSource {
    enum class Kind { file, credential, env };

    Kind kind = Kind::file;
    std::string name;
    std::string where;  // "mailrota.toml:12"

    bool operator==(const SecretSource&) const = default;
};

// [box.NAME]: mail for remote pullers
struct BoxSettings {
    struct User {
        std::string name;
        SecretSource password;
        bool operator==(const User&) const = default;
    };

    std::string name;
    std::vector<SecretSource> tokens;    // any of them lets a puller in
    std::vector<User> users;             // basic authentication
    std::vector<policy::Network> allow;  // addresses of pullers; empty: any. A unix socket counts as allowed
    std::chrono::seconds lease{600};     // how long a puller may take over one batch
    std::uint32_t lease_count = 50;      // most mails of a batch
    std::uint64_t lease_bytes = 20'000'000;  // most bytes of a batch; a larger mail comes alone
    std::chrono::seconds expire{std::chrono::hours{24 * 5}};  // then the sender is told
    std::vector<std::string> hide;  // header fields removed at hand-out; '*' at the end of a name
    bool legacy = false;            // PostOffice's own JSON by GET, which deletes

    bool operator==(const BoxSettings&) const = default;
};

// The header fields that tell where a mail comes from: what a box hides unless it says otherwise.
const std::vector<std::string>& origin_headers();

}  // namespace mailrota::config
