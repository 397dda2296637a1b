#include "core/mail/header_block.h"

#include <algorithm>

namespace mailrota::mail {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Where the line that begins at `start` ends, after its LF.
std::size_t line_end(std::string_view bytes, std::size_t start) {
    const std::size_t lf = bytes.find('\n', start);
    return lf == std::string_view::npos ? bytes.size() : lf + 1;
}

// Where the field that begins at `start` ends, continuation lines included.
std::size_t field_end(std::string_view bytes, std::size_t start) {
    std::size_t end = line_end(bytes, start);
    while (end < bytes.size() && is_blank(bytes[end])) {
        end = line_end(bytes, end);
    }
    return end;
}

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n')) {
        line.remove_suffix(1);
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    }
    return line;
}

// The name that a field begins with (RFC 5322 section 2.2; blanks before the colon as section 4.5 has them);
// empty if none.
std::string_view field_name(std::string_view field) {
    std::string_view name = field.substr(0, std::min(field.find(':'), field.size()));
    if (name.size() == field.size()) {
        return {};
    }
    while (!name.empty() && is_blank(name.back())) {
        name.remove_suffix(1);
    }
    return std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; }) ? name : std::string_view();
}

}  // namespace

std::optional<RawField> HeaderReader::next() {
    body_ = at_;
    if (at_ >= bytes_.size()) {
        return std::nullopt;
    }
    const std::size_t end = field_end(bytes_, at_);
    const std::string_view bytes = bytes_.substr(at_, end - at_);
    const std::string_view field = without_line_end(bytes);
    const std::string_view name = field_name(field);
    if (name.empty()) {
        const std::size_t first = line_end(bytes_, at_);
        body_ = without_line_end(bytes_.substr(at_, first - at_)).empty() ? first : at_;
        return std::nullopt;
    }
    at_ = end;
    std::string_view value = field.substr(field.find(':') + 1);
    value.remove_prefix(value.starts_with(' ') ? 1 : 0);
    return RawField{bytes, name, value};
}

}  // namespace mailrota::mail
