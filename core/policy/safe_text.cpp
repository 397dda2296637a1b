#include "core/policy/safe_text.h"

#include <algorithm>

namespace mailrota::policy {
namespace {

constexpr unsigned char byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

// Bytes of the well-formed UTF-8 character at the start of `text` (RFC 3629); 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto lead = byte_at(text, 0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF5 ? 0 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
    const auto second = byte_at(text, 1);
    const bool too_low = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool too_high = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    return too_low || too_high ? 0 : length;
}

bool control(std::string_view character) {
    const auto lead = byte_at(character, 0);
    return lead < 0x20 || lead == 0x7F || (lead == 0xC2 && byte_at(character, 1) < 0xA0);
}

std::string reply_line(std::string_view line) {
    std::string ascii;
    for (const char c : without_controls(line)) {
        if (static_cast<unsigned char>(c) < 0x80)
            ascii += c;
        else if ((static_cast<unsigned char>(c) & 0xC0) == 0xC0)
            ascii += '?';
    }
    return ascii.substr(0, reply_line_most);
}

}  // namespace

std::string without_controls(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const auto length = utf8_length(text);
        const auto character = text.substr(0, std::max<std::size_t>(length, 1));
        if (length == 0)
            clean += '?';
        else if (control(character))
            clean += ' ';
        else
            clean += character;
        text.remove_prefix(character.size());
    }
    return clean;
}

std::string single_spaced(std::string_view text) {
    constexpr std::string_view no_break = "\u00A0";
    std::string line;
    const auto clean = without_controls(text);
    line.reserve(clean.size());
    bool blank = false;
    for (std::size_t at = 0; at < clean.size(); ++at) {
        const bool hard = clean.compare(at, no_break.size(), no_break) == 0;
        if (hard) at += no_break.size() - 1;
        if (hard || clean[at] == ' ') {
            blank = !line.empty();
            continue;
        }
        if (blank) line += ' ';
        blank = false;
        line += clean[at];
    }
    return line;
}

std::string_view cut_text(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (byte_at(text, most) & 0xC0) == 0x80) --most;
    return text.substr(0, most);
}

std::string header_text(std::string_view text) {
    return std::string(cut_text(without_controls(text), header_value_most));
}

std::string reply_text(std::string_view text) {
    std::string lines;
    for (std::size_t count = 1;; ++count) {
        const auto end = text.find('\n');
        lines += reply_line(text.substr(0, end));
        if (end == std::string_view::npos || count == reply_lines_most) return lines;
        lines += '\n';
        text.remove_prefix(end + 1);
    }
}

std::string quoted(std::string_view text, std::size_t most) {
    const auto clean = without_controls(text.substr(0, 4 * most));
    const auto shown = cut_text(clean, most);
    return '"' + std::string(shown) + (shown.size() < clean.size() ? "…\"" : "\"");
}

}  // namespace mailrota::policy
