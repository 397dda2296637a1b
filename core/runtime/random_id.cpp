#include "core/runtime/random_id.h"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "core/mail/digest.h"

namespace mailrota::runtime {

std::string random_id() {
    std::array<std::uint8_t, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
    return mail::to_hex(bytes);
}

}  // namespace mailrota::runtime
