#include "milter/reply_text.h"

#include <string_view>

namespace mailrota::milter {

namespace {

constexpr std::size_t longest_line = 980;
constexpr std::size_t most_lines = 32;

bool continues_character(unsigned char byte) { return (byte & 0xc0U) == 0x80; }

// What stands for one byte of the text.
std::string_view shown(const char& c) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '%') return "%%";
    if (c == '\t') return " ";
    if (byte >= 0x80) return continues_character(byte) ? "" : "?";
    return byte < 0x20 || byte == 0x7f ? "" : std::string_view(&c, 1);
}

std::string enhanced_code(const policy::Reply& reply, char code_class) {
    const auto& given = reply.enhanced;
    if (given.size() >= 5 && given[0] == code_class && given[1] == '.') return given;
    return std::string(1, code_class) + ".7.1";
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines(1);
    for (const char& c : text) {
        const auto next = c == '\n' ? std::string_view() : shown(c);
        if (c == '\n' || lines.back().size() + next.size() > longest_line) {
            if (lines.size() == most_lines) break;
            lines.emplace_back();
        }
        lines.back().append(next);
    }
    if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
    return lines;
}

}  // namespace

ReplyText reply_text(const policy::Reply& reply) {
    const int code = reply.code >= 400 && reply.code <= 599 ? reply.code : 451;
    auto digits = std::to_string(code);
    auto enhanced = enhanced_code(reply, digits[0]);
    return {std::move(digits), std::move(enhanced), lines_of(reply.text)};
}

}  // namespace mailrota::milter
