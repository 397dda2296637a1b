#include "core/policy/network.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace mailrota::policy {
namespace {

constexpr int mapped_bits = 96;

struct Parsed {
    std::array<std::uint8_t, 16> bytes{};
    bool v4 = false;
};

std::optional<Parsed> parse_ip(std::string_view text) {
    const std::string ip(text);
    Parsed parsed;
    if (inet_pton(AF_INET6, ip.c_str(), parsed.bytes.data()) == 1) return parsed;
    if (inet_pton(AF_INET, ip.c_str(), parsed.bytes.data() + mapped_bits / 8) != 1) return std::nullopt;
    parsed.bytes[10] = parsed.bytes[11] = 0xFF;
    parsed.v4 = true;
    return parsed;
}

std::optional<int> parse_prefix(std::string_view text, int most) {
    int prefix = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
    if (error != std::errc{} || end != text.data() + text.size() || prefix < 0 || prefix > most)
        return std::nullopt;
    return prefix;
}

bool bit(const std::array<std::uint8_t, 16>& bytes, int at) {
    return (bytes[static_cast<std::size_t>(at / 8)] >> (7 - at % 8) & 1) != 0;
}

bool same_start(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, int bits) {
    const auto whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    for (int i = whole * 8; i < bits; ++i)
        if (bit(a, i) != bit(b, i)) return false;
    return true;
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_ip(text.substr(0, slash));
    if (!address) return invalid(fmt::format("\"{}\" is no IP address or network", text));
    Network network{std::string(text), address->bytes, 128};
    if (slash == std::string_view::npos) return network;
    const auto prefix = parse_prefix(text.substr(slash + 1), address->v4 ? 32 : 128);
    if (!prefix) return invalid(fmt::format("\"{}\" has no valid prefix length after the slash", text));
    network.prefix = *prefix + (address->v4 ? mapped_bits : 0);
    for (int i = network.prefix; i < 128; ++i)
        if (bit(network.bytes, i)) return invalid(fmt::format("\"{}\" has bits set after its prefix", text));
    return network;
}

bool Network::holds(std::string_view ip) const {
    const auto address = parse_ip(ip);
    return address && same_start(bytes, address->bytes, prefix);
}

}  // namespace mailrota::policy
