#include <gmime/gmime.h>

#include <algorithm>
#include <vector>

#include "core/mail/gmime_library.h"
#include "core/mail/header_edit.h"

// Names and values as they may stand in a header.
namespace mailrota::mail {
namespace {

constexpr std::size_t longest_line = 998;

bool control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

bool ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string encoded(const std::string& line) {
    if (ascii(line)) return line;
    ensure_gmime();
    const StringPtr text(g_mime_utils_header_encode_text(nullptr, line.c_str(), nullptr));
    std::string result(text.get());
    std::erase(result, '\r');
    return result;
}

// The value as lines: controls gone, blanks at each line's ends dropped, empty lines left out.
std::vector<std::string> clean_lines(std::string_view value) {
    std::vector<std::string> lines;
    while (!value.empty()) {
        const auto end = std::min(value.find('\n'), value.size());
        std::string line(value.substr(0, end));
        value.remove_prefix(std::min(end + 1, value.size()));
        std::erase_if(line, control);
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string::npos) continue;
        lines.push_back(line.substr(first, line.find_last_not_of(" \t") + 1 - first));
    }
    return lines;
}

// Appends `line` in pieces that fit, cut at a blank where there is one.
void append_folded(std::string& text, std::string_view line, std::size_t room) {
    while (line.size() > room) {
        const auto blank = line.find_last_of(" \t", room);
        const bool at_blank = blank != std::string_view::npos && blank > 0;
        const auto length = at_blank ? blank : room;
        text.append(line.substr(0, length)).append("\n\t");
        line.remove_prefix(at_blank ? length + 1 : length);
        room = longest_line - 1;
    }
    text.append(line);
}

}  // namespace

std::string clean_header_name(std::string_view name) {
    std::string result(name);
    std::erase_if(result, [](char c) { return c <= ' ' || c >= 0x7f || c == ':'; });
    return result;
}

std::string clean_header_value(std::string_view name, std::string_view value) {
    std::string result;
    auto room = longest_line - std::min(name.size() + 2, longest_line / 2);
    for (const auto& raw : clean_lines(value)) {
        for (const auto& line : clean_lines(encoded(raw))) {
            if (!result.empty()) result.append("\n\t");
            append_folded(result, line, room);
            room = longest_line - 1;
        }
    }
    return result;
}

}  // namespace mailrota::mail
