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

HeaderBlock read_header_block(std::string_view bytes) {
    HeaderBlock block;
    while (block.body < bytes.size()) {
        const std::string_view first = bytes.substr(block.body, line_end(bytes, block.body) - block.body);
        if (without_line_end(first).empty()) {
            block.body += first.size();
            return block;
        }
        const std::size_t end = field_end(bytes, block.body);
        const std::string_view field = without_line_end(bytes.substr(block.body, end - block.body));
        const std::string_view name = field_name(field);
        if (name.empty()) {
            return block;
        }
        std::string_view value = field.substr(field.find(':') + 1);
        value.remove_prefix(value.starts_with(' ') ? 1 : 0);
        block.fields.push_back({std::string(name), std::string(value)});
        block.body = end;
    }
    return block;
}

}  // namespace mailrota::mail
