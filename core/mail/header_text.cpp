#include "core/mail/header_text.h"

#include <gmime/gmime.h>

#include <algorithm>

#include "core/mail/encoded_words.h"
#include "core/mail/gmime_library.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_plain(std::string_view text) {
    const bool printable =
        std::ranges::all_of(text, [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; });
    return printable && text.find("=?") == std::string_view::npos;
}

// GMime takes C strings, and a decoded line is one line.
void blank_controls(std::string& text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\0' || c == '\r' || c == '\n'; }, ' ');
}

std::string open_encoded_words(std::string_view text) {
    ensure_gmime();
    const StringPtr decoded(g_mime_utils_header_decode_text(nullptr, join_base64_words(text).c_str()));
    return to_utf8("utf-8", decoded ? decoded.get() : "");
}

}  // namespace

std::string unfold_header(std::string_view raw) {
    std::string out(trimmed(raw));
    if (out.find_first_of("\r\n") != std::string::npos) {
        std::erase_if(out, [](char c) { return c == '\r' || c == '\n'; });
    }
    return out;
}

std::string decode_header(std::string_view raw) {
    std::string text = unfold_header(raw);
    if (is_plain(text)) {
        return text;
    }
    text = to_utf8("", std::move(text));
    blank_controls(text);
    if (text.find("=?") != std::string::npos) {
        text = open_encoded_words(text);
        blank_controls(text);
    }
    return std::string(trimmed(text));
}

bool same_name(std::string_view left, std::string_view right) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return left.size() == right.size() && std::ranges::equal(left, right, {}, small, small);
}

}  // namespace mailrota::mail
