#include "core/store/trace_secret.h"

#include <openssl/rand.h>

#include <algorithm>

namespace mailrota::store {

Result<std::string> new_trace_secret() {
    mail::TraceSecret secret{};
    if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
        return unavailable("no random bytes for the trace secret");
    return std::string(secret.begin(), secret.end());
}

Result<mail::TraceSecret> to_trace_secret(const std::optional<std::string>& bytes) {
    mail::TraceSecret secret{};
    if (!bytes || bytes->size() != secret.size())
        return invalid("the trace secret in the database is damaged");
    std::transform(bytes->begin(), bytes->end(), secret.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    return secret;
}

}  // namespace mailrota::store
