#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/store/journal.h"

namespace mailrota::store {

// Somebody whom no provider is to send to.
struct Suppression {
    std::string address;   // as it is to be shown; known by mail::Address's key
    std::string reason;    // "bounced", "complained", "unsubscribed", "manual"
    std::string provider;  // who told it; empty: an administrator
    std::string detail;    // "550 5.1.1 User not found"; may be empty
    Time at{};

    bool operator==(const Suppression&) const = default;
};

// The suppression list's part of a transaction. Entries stay until they are removed.
class Suppressions {
  public:
    virtual ~Suppressions() = default;

    // Those of these addresses that are on the list.
    virtual Result<std::vector<Suppression>> suppressed(const std::vector<std::string>& addresses) = 0;
    // False: the address is on the list already, nothing changed.
    virtual Result<bool> suppress(const Suppression& entry) = 0;
    virtual Result<bool> unsuppress(std::string_view address) = 0;
    // In order of addresses, after `after` (empty: from the first).
    virtual Result<std::vector<Suppression>> suppressions(std::string_view after, std::size_t limit) = 0;
};

}  // namespace mailrota::store
