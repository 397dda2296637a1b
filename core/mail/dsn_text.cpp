#include "core/mail/dsn_text.h"

#include <algorithm>
#include <cstdint>

#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t line_width = 76;
constexpr std::size_t longest_word = 900;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string from_xtext(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool coded = text[at] == '+' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
                           hex_value(text[at + 2]) >= 0;
        out += coded ? static_cast<char>(16 * hex_value(text[at + 1]) + hex_value(text[at + 2])) : text[at];
        at += coded ? 2 : 0;
    }
    return out;
}

// The character of well-formed UTF-8 that begins at `at`; moves behind it.
std::uint32_t next_character(std::string_view utf8, std::size_t& at) {
    const auto byte = static_cast<unsigned char>(utf8[at++]);
    const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    std::uint32_t character = more == 0 ? byte : byte & (0x3FU >> more);
    for (int i = 0; i < more; ++i) {
        character = character << 6U | (static_cast<unsigned char>(utf8[at++]) & 0x3FU);
    }
    return character;
}

void append_hex(std::string& out, std::uint32_t number) {
    std::string digits;
    for (; number > 0 || digits.empty(); number /= 16) digits += "0123456789ABCDEF"[number % 16];
    out.append("\\x{").append(digits.rbegin(), digits.rend()).append("}");
}

}  // namespace

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string one_line(std::string_view text, std::size_t most) {
    std::string line = to_utf8("", std::string(text.substr(0, most)));
    std::ranges::replace_if(line, is_control, ' ');
    cut_utf8(line, most);
    return line;
}

std::string token(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if ((letter || c == '-' || c == '.' || c == '_') && out.size() < 60) out += c;
    }
    return out.empty() ? "x" : out;
}

void append_status(std::string& fields, std::string_view name, std::string_view value) {
    std::string rest = one_line(value, longest_diagnostic);
    std::ranges::replace_if(
        rest, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    fields.append(name).append(":");
    std::size_t column = name.size() + 1;
    for (std::string_view left = rest; !left.empty();) {
        left.remove_prefix(std::min(left.find_first_not_of(' '), left.size()));
        const std::string_view word = left.substr(0, std::min(left.find(' '), longest_word));
        left.remove_prefix(word.size());
        if (word.empty()) break;
        const bool fold = column + 1 + word.size() > line_width && column > name.size() + 1;
        fields.append(fold ? "\r\n " : " ").append(word);
        column = (fold ? 0 : column) + 1 + word.size();
    }
    fields.append("\r\n");
}

std::string typed_address(std::string_view address) {
    if (is_ascii(address)) return "rfc822; " + std::string(address.substr(0, longest_name));
    const std::string utf8 = one_line(address, longest_name);
    std::string out = "utf-8; ";
    for (std::size_t at = 0; at < utf8.size();) {
        const std::uint32_t character = next_character(utf8, at);
        const bool plain =
            character > ' ' && character < 0x7f && character != '+' && character != '=' && character != '\\';
        if (plain) {
            out += static_cast<char>(character);
        } else {
            append_hex(out, character);
        }
    }
    return out;
}

std::string original_address(std::string_view parameter) {
    const std::size_t type_end = parameter.find(';');
    if (type_end == std::string_view::npos) return typed_address(from_xtext(parameter));
    return std::string(parameter.substr(0, type_end)) + "; " + from_xtext(parameter.substr(type_end + 1));
}

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\r' || c == '\n') {
            out += "\r\n";
            at += c == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 1 : 0;
        } else {
            out += c == '\0' ? ' ' : c;
        }
    }
    return out;
}

}  // namespace mailrota::mail
