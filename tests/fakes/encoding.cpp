#include "tests/fakes/encoding.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <ctime>

namespace mailrota::fakes {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view blanks = " \t\r\n";

std::string formatted(Seconds at, const char* format) {
    const std::time_t seconds = at.time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    return std::string(text.data(), std::strftime(text.data(), text.size(), format, &parts));
}

int hex_value(char c) {
    const auto place = hex_digits.find(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

}  // namespace

std::optional<std::string> find_field(const Fields& fields, std::string_view name) {
    const auto same = [&](const auto& field) {
        return std::ranges::equal(
            field.first, name, {}, [](unsigned char c) { return std::tolower(c); },
            [](unsigned char c) { return std::tolower(c); });
    };
    const auto found = std::ranges::find_if(fields, same);
    if (found == fields.end()) return {};
    return found->second;
}

std::string small_letters(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return small;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string to_base64(std::string_view bytes, std::size_t line_length) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    if (line_length == 0) return text;
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += line_length)
        lines.append(text, at, line_length).append("\r\n");
    return lines;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string packed;
    packed.reserve(text.size());
    for (const char c : text)
        if (blanks.find(c) == std::string_view::npos) packed += c;
    if (packed.size() % 4 != 0) return {};
    std::string bytes(packed.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(packed.data()),
                                     static_cast<int>(packed.size()));
    if (size < 0) return {};
    const auto padding = packed.size() - std::min(packed.find_last_not_of('=') + 1, packed.size());
    if (padding > 2) return {};
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        text += hex_digits[value >> 4];
        text += hex_digits[value & 15];
    }
    return text;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool coded =
            c == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
        if (coded) {
            plain += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 2;
        } else {
            plain += c == '+' && plus_is_space ? ' ' : c;
        }
    }
    return plain;
}

std::string percent_encoded(std::string_view text) {
    std::string coded;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) ||
            std::string_view("-._~").find(c) != std::string_view::npos) {
            coded += c;
        } else {
            std::string digits = to_hex(std::string_view(&c, 1));
            std::ranges::transform(digits, digits.begin(),
                                   [](unsigned char d) { return static_cast<char>(std::toupper(d)); });
            coded += '%' + digits;
        }
    }
    return coded;
}

Fields parse_urlencoded(std::string_view text) {
    Fields fields;
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        const auto name = pair.substr(0, pair.find('='));
        const auto value = pair.substr(std::min(name.size() + 1, pair.size()));
        if (!pair.empty()) fields.emplace_back(percent_decoded(name, true), percent_decoded(value, true));
    }
    return fields;
}

std::string random_hex(std::size_t digits) {
    std::string bytes((digits + 1) / 2, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    return to_hex(bytes).substr(0, digits);
}

std::string random_uuid() {
    std::string uuid = random_hex(32);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) uuid.insert(dash, 1, '-');
    return uuid;
}

Seconds current_second() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

double current_time() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string http_date(Seconds at) { return plain_date(at) + " GMT"; }
std::string iso_date(Seconds at) { return formatted(at, "%Y-%m-%dT%H:%M:%SZ"); }
std::string plain_date(Seconds at) { return formatted(at, "%a, %d %b %Y %H:%M:%S"); }
std::string compact_utc_day(Seconds at) { return formatted(at, "%Y%m%d"); }

}  // namespace mailrota::fakes
