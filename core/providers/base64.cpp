#include "core/providers/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace mailrota::providers {

std::string base64(std::string_view bytes) {
    constexpr std::size_t piece_bytes = 3 * (std::size_t{1} << 20);  // OpenSSL's lengths are 32 bits
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');          // it ends each piece with NUL
    std::size_t length = 0;
    while (!bytes.empty()) {
        const std::string_view piece = bytes.substr(0, piece_bytes);
        length += static_cast<std::size_t>(EVP_EncodeBlock(
            reinterpret_cast<unsigned char*>(text.data() + length),
            reinterpret_cast<const unsigned char*>(piece.data()), static_cast<int>(piece.size())));
        bytes.remove_prefix(piece.size());
    }
    text.resize(length);
    return text;
}

}  // namespace mailrota::providers
