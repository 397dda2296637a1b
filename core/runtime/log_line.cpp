#include <fmt/format.h>

#include <algorithm>

#include "core/mail/text_encoding.h"
#include "core/runtime/log.h"

namespace mailrota::runtime {
namespace {

constexpr std::size_t longest_value = 1000;  // bytes, before escaping

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }

// The bytes of a character that some reader takes for the end of a line or for a command to the terminal: C1
// controls, U+2028 and U+2029. 0 if `text` begins with no such character.
std::size_t unsafe_character(std::string_view text) {
    if (text.size() >= 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0) return 2;
    return text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

void append_hex(std::string& out, std::string_view bytes) {
    for (const char byte : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
}

void append_ascii(std::string& out, char byte) {
    switch (byte) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    if (is_control(static_cast<unsigned char>(byte))) return append_hex(out, {&byte, 1});
    out += byte;
}

std::string escaped(std::string_view value) {
    const bool utf8 = mail::is_utf8(value);
    std::string out;
    for (std::size_t at = 0; at < value.size(); ++at) {
        const std::size_t unsafe = utf8 ? unsafe_character(value.substr(at)) : 0;
        if (unsafe > 0) {
            append_hex(out, value.substr(at, unsafe));
            at += unsafe - 1;
        } else if (!utf8 && static_cast<unsigned char>(value[at]) >= 0x80) {
            append_hex(out, value.substr(at, 1));
        } else {
            append_ascii(out, value[at]);
        }
    }
    return out;
}

// Most values: nothing to escape, to quote or to cut.
bool is_plain(std::string_view value) {
    return value.size() <= longest_value && std::ranges::all_of(value, [](char byte) {
               return byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\' && byte != '=';
           });
}

std::string shown(std::string_view value) {
    std::string kept(value.substr(0, longest_value));
    if (kept.size() < value.size()) {
        if (mail::is_utf8(value)) mail::cut_utf8(kept = value, longest_value);
        kept += "...";
    }
    std::string out = escaped(kept);
    const bool plain = out == kept && out.find_first_of(" =") == std::string::npos;
    return plain ? out : '"' + out + '"';
}

}  // namespace

LogLine::LogLine(std::string_view event) : text_(event) {}

LogLine& LogLine::with(std::string_view key, std::string_view value) {
    if (value.empty()) return *this;
    text_.append(" ").append(key).append("=");
    is_plain(value) ? text_.append(value) : text_.append(shown(value));
    return *this;
}

LogLine& LogLine::with(std::string_view key, std::int64_t value) { return with(key, std::to_string(value)); }

LogLine& LogLine::with(std::string_view key, std::chrono::microseconds duration) {
    return with(key, fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(duration).count()));
}

}  // namespace mailrota::runtime
