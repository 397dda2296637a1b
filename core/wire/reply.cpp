#include "core/wire/reply.h"

#include <algorithm>

namespace mailrota::wire {

namespace {

constexpr std::size_t longest_line = 510;  // without CRLF

char fit(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return ' ';
    return byte < 0x80 ? c : '?';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "5.1.1" at the beginning of `text` (RFC 3463: class, then two numbers of up to three digits); empty if
// there is none.
std::string_view enhanced_code(std::string_view text) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (word.size() < 5 || (word[0] != '2' && word[0] != '4' && word[0] != '5') || word[1] != '.') return {};
    const std::size_t dot = word.find('.', 2);
    if (dot == std::string_view::npos) return {};
    const auto is_number = [](std::string_view digits) {
        return !digits.empty() && digits.size() <= 3 && std::all_of(digits.begin(), digits.end(), is_digit);
    };
    return is_number(word.substr(2, dot - 2)) && is_number(word.substr(dot + 1)) ? word : std::string_view();
}

}  // namespace

std::string to_wire(const Reply& reply) {
    std::string out;
    std::string_view rest = reply.text;
    for (bool more = true; more;) {
        const auto end = rest.find('\n');
        more = end != std::string_view::npos;
        std::string line = std::to_string(reply.code) + (more ? '-' : ' ');
        if (!reply.enhanced.empty()) line += reply.enhanced + ' ';
        line += rest.substr(0, end);
        std::transform(line.begin(), line.end(), line.begin(), fit);
        line.resize(std::min(line.size(), longest_line));
        out += line + "\r\n";
        if (more) rest.remove_prefix(end + 1);
    }
    return out;
}

std::string to_line(const Reply& reply) {
    std::string line = std::to_string(reply.code) + ' ';
    if (!reply.enhanced.empty()) line += reply.enhanced + ' ';
    line += reply.text;
    std::transform(line.begin(), line.end(), line.begin(),
                   [](char c) { return static_cast<unsigned char>(c) < 0x20 ? ' ' : c; });
    return line;
}

std::optional<Reply> from_line(std::string_view line) {
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return std::nullopt;
    if (line[0] < '2' || line[0] > '5' || (line.size() > 3 && line[3] != ' ' && line[3] != '-'))
        return std::nullopt;
    Reply reply;
    reply.code = std::stoi(std::string(line.substr(0, 3)));
    line.remove_prefix(std::min<std::size_t>(4, line.size()));
    reply.enhanced = enhanced_code(line);
    if (!reply.enhanced.empty()) line.remove_prefix(std::min(reply.enhanced.size() + 1, line.size()));
    reply.text = line;
    return reply;
}

}  // namespace mailrota::wire
