#include "ctl/done_line.h"

#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace mailrota::ctl {
namespace {

using What = DoneLine::What;

constexpr std::array<std::pair<What, std::string_view>, 4> names{
    {{What::begun, "begun"}, {What::delivered, "delivered"}, {What::failed, "failed"}, {What::over, "over"}}};
constexpr std::array<std::pair<char, char>, 5> escapes{
    {{'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}, {'\0', '0'}, {'\\', '\\'}}};

void append_escaped(std::string& line, std::string_view text) {
    for (const char c : text) {
        char escape = 0;
        for (const auto& [plain, letter] : escapes) escape = c == plain ? letter : escape;
        if (escape != 0) line += '\\';
        line += escape != 0 ? escape : c;
    }
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '\\' && at + 1 < text.size()) {
            ++at;
            for (const auto& [plain, letter] : escapes) c = text[at] == letter ? plain : c;
        }
        out += c;
    }
    return out;
}

std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    while (true) {
        const auto end = line.find('\t');
        fields.push_back(unescaped(line.substr(0, end)));
        if (end == std::string_view::npos) return fields;
        line.remove_prefix(end + 1);
    }
}

}  // namespace

std::string to_line(const DoneLine& line) {
    std::string text;
    for (const auto& [what, name] : names) text += what == line.what ? name : "";
    text += '\t' + std::to_string(line.time.time_since_epoch().count());
    for (const std::string* field : {&line.lease, &line.id, &line.recipient, &line.reply}) {
        text += '\t';
        append_escaped(text, *field);
    }
    // What a crash tore off may still look like a line: the last field says that nothing is missing.
    return text + "\t.\n";
}

std::optional<DoneLine> parse_done_line(std::string_view text) {
    const auto fields = fields_of(text);
    if (fields.size() != 7 || fields[6] != "." || fields[3].empty()) return std::nullopt;
    std::int64_t seconds = -1;
    const auto [end, fault] = std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), seconds);
    if (fault != std::errc() || end != fields[1].data() + fields[1].size()) return std::nullopt;
    for (const auto& [what, name] : names) {
        if (fields[0] == name)
            return DoneLine{what,      std::chrono::sys_seconds(std::chrono::seconds(seconds)),
                            fields[2], fields[3],
                            fields[4], fields[5]};
    }
    return std::nullopt;
}

}  // namespace mailrota::ctl
