#include "core/providers/hook_pieces.h"

#include <algorithm>
#include <boost/json.hpp>

namespace mailrota::providers {
namespace {

namespace json = boost::json;

constexpr std::size_t most_members = 1'000;
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// The place behind the string that begins at `at`; npos if it does not end.
std::size_t behind_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        at = text.find_first_of("\"\\", at);
        if (at == std::string_view::npos) return at;
        if (text[at] == '"') return at + 1;
        ++at;
    }
    return std::string_view::npos;
}

// Where the value that begins at `at` ends: at the comma or bracket that belongs to what is around it. npos
// if the text ends before.
std::size_t end_of_value(std::string_view text, std::size_t at) {
    for (std::size_t depth = 0; (at = text.find_first_of("\"[]{},", at)) != std::string_view::npos;) {
        const char c = text[at];
        if (c == '"') {
            at = behind_string(text, at);
            if (at == std::string_view::npos) return at;
            continue;
        }
        const bool closes = c == ']' || c == '}';
        if (depth == 0 && (closes || c == ',')) return at;
        if (closes) --depth;
        if (c == '[' || c == '{') ++depth;
        ++at;
    }
    return std::string_view::npos;
}

// Gives `take` each piece between the brackets; false if they do not fit.
template <class Take>
bool each_piece(std::string_view text, char open, char close, Take take) {
    text = trimmed(text);
    if (text.size() < 2 || text.front() != open || text.back() != close) return false;
    for (std::size_t at = 1;;) {
        const std::size_t end = end_of_value(text, at);
        if (end == std::string_view::npos) return false;
        const bool last = text[end] != ',';
        if (last && (text[end] != close || end + 1 != text.size())) return false;
        const auto piece = trimmed(text.substr(at, end - at));
        if (!(last && at == 1 && piece.empty())) take(piece);
        if (last) return true;
        at = end + 1;
    }
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// A percent sign that begins no byte stands for itself.
std::string form_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool coded = text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
                           hex_value(text[at + 2]) >= 0;
        if (coded) {
            decoded += static_cast<char>(16 * hex_value(text[at + 1]) + hex_value(text[at + 2]));
            at += 2;
        } else {
            decoded += text[at] == '+' ? ' ' : text[at];
        }
    }
    return decoded;
}

}  // namespace

std::optional<JsonElements> array_elements(std::string_view text) {
    JsonElements elements;
    const bool whole = each_piece(text, '[', ']', [&](std::string_view piece) {
        if (elements.texts.size() < most_elements)
            elements.texts.push_back(piece);
        else
            ++elements.left_out;
    });
    if (!whole) return std::nullopt;
    return elements;
}

std::optional<JsonMembers> JsonMembers::of(std::string_view text) {
    JsonMembers members;
    bool fits = true;
    const auto take = [&](std::string_view piece) {
        const auto end = piece.starts_with('"') ? behind_string(piece, 0) : std::string_view::npos;
        const auto rest = end == std::string_view::npos ? "" : trimmed(piece.substr(end));
        fits = fits && rest.starts_with(':') && members.members_.size() < most_members;
        if (fits) members.members_.emplace_back(piece.substr(1, end - 2), trimmed(rest.substr(1)));
    };
    if (!each_piece(text, '{', '}', take) || !fits) return std::nullopt;
    return members;
}

std::string_view JsonMembers::value(std::string_view key) const {
    const auto found = std::find_if(members_.rbegin(), members_.rend(),
                                    [&](const auto& member) { return member.first == key; });
    return found == members_.rend() ? std::string_view() : found->second;
}

std::string JsonMembers::text(std::string_view key) const { return unquoted(value(key)); }

std::string unquoted(std::string_view text) {
    if (!text.starts_with('"')) return {};
    boost::system::error_code broken;
    const json::value value = json::parse(text, broken);
    const json::string* string = broken ? nullptr : value.if_string();
    return string == nullptr ? std::string() : std::string(string->data(), string->size());
}

FormFields form_fields(std::string_view body) {
    FormFields fields;
    while (!body.empty() && fields.size() < most_members) {
        const auto field = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), field.size() + 1));
        const auto name = field.substr(0, field.find('='));
        const auto value = field.substr(std::min(field.size(), name.size() + 1));
        if (!field.empty()) fields.emplace_back(form_decoded(name), form_decoded(value));
    }
    return fields;
}

std::string_view form_field(const FormFields& fields, std::string_view name) {
    for (const auto& [key, value] : fields)
        if (key == name) return value;
    return {};
}

}  // namespace mailrota::providers
