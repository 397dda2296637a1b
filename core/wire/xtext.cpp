#include "core/wire/xtext.h"

#include <charconv>

namespace mailrota::wire {

std::optional<std::string> decode_xtext(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte <= 0x20 || byte == 0x7F) return std::nullopt;
        if (byte != '+') {
            bytes += text[i];
            continue;
        }
        const std::string_view hex = text.substr(i + 1, 2);
        unsigned value = 0;
        const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
        if (hex.size() != 2 || error != std::errc() || end != hex.data() + 2) return std::nullopt;
        bytes += static_cast<char>(value);
        i += 2;
    }
    return bytes;
}

std::string to_xtext(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F && c != '+' && c != '=')
            text += c;
        else
            text.append({'+', digits[byte >> 4U], digits[byte & 15U]});
    }
    return text;
}

}  // namespace mailrota::wire
