#include "web/target.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace mailrota::web {

namespace {

constexpr std::size_t most_query_values = 100;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::optional<char> hex_byte(std::string_view digits) {
    unsigned value = 0;
    const auto* end = digits.data() + digits.size();
    if (digits.size() != 2 || std::from_chars(digits.data(), end, value, 16).ptr != end) return std::nullopt;
    return static_cast<char>(value);
}

// Nothing if it holds a broken escape or a control character.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::optional<char> c = text[at];
        if (*c == '+' && plus_is_blank) c = ' ';
        if (*c == '%') {
            c = hex_byte(text.substr(at + 1, 2));
            at += 2;
        }
        if (!c || is_control(*c)) return std::nullopt;
        decoded += *c;
    }
    return decoded;
}

std::string_view cut_front(std::string_view& text, char separator) {
    const auto at = text.find(separator);
    const auto front = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return front;
}

bool read_path(std::string_view path, Target& into) {
    path.remove_prefix(1);
    while (!path.empty()) {
        auto segment = percent_decoded(cut_front(path, '/'), false);
        if (!segment || *segment == "." || *segment == "..") return false;
        into.segments.push_back(*std::move(segment));
    }
    return true;
}

bool read_query(std::string_view query, Target& into) {
    while (!query.empty()) {
        auto pair = cut_front(query, '&');
        const auto name = percent_decoded(cut_front(pair, '='), true);
        const auto value = percent_decoded(pair, true);
        if (!name || !value || into.query.size() == most_query_values) return false;
        into.query.emplace(*name, *value);
    }
    return true;
}

// "http://host/path" → "/path"
std::string_view without_authority(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text.starts_with(scheme)) continue;
        const auto path = text.find('/', scheme.size());
        return path == std::string_view::npos ? "/" : text.substr(path);
    }
    return text;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
    std::string_view query = without_authority(text);
    Target target;
    target.path = cut_front(query, '?');
    target.raw_query = query;
    if (!target.path.starts_with('/')) return invalid("the request's target is no path");
    if (!read_path(target.path, target)) return invalid("the request's path is malformed");
    if (!read_query(query, target)) return invalid("the request's query is malformed");
    return target;
}

}  // namespace mailrota::web
