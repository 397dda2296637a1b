#include "tests/fakes/idempotency.h"

#include "tests/fakes/signing.h"

namespace mailrota::fakes {

Idempotency::Standing Idempotency::standing(const std::string& key, const std::string& body) const {
    const auto found = seen_.find(key);
    if (found == seen_.end()) return Standing::fresh;
    if (found->second.digest != sha256(body)) return Standing::other;
    return std::chrono::steady_clock::now() < found->second.answered ? Standing::under_way : Standing::same;
}

void Idempotency::remember(const std::string& key, const std::string& body, const Reply& reply,
                           std::chrono::milliseconds latency) {
    seen_[key] = {sha256(body), reply, std::chrono::steady_clock::now() + latency};
}

}  // namespace mailrota::fakes
