#include "ctl/procmail_grep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "core/policy/pattern.h"

namespace mailrota::ctl {
namespace {

// The text between the first two quotes at or after `from`.
std::optional<std::string> quoted_after(std::string_view text, std::size_t from) {
    const auto begin = text.find_first_of("\"'", from);
    if (begin == std::string_view::npos) return std::nullopt;
    std::string inside;
    for (auto at = begin + 1; at < text.size(); ++at) {
        if (text[at] == text[begin]) return inside;
        inside += text[at];
    }
    return std::nullopt;
}

// A basic pattern of grep(1) as one of PCRE2.
std::string of_grep(std::string_view basic) {
    std::string pattern;
    for (std::size_t at = 0; at < basic.size(); ++at) {
        const char c = basic[at];
        const char next = at + 1 < basic.size() ? basic[at + 1] : '\0';
        if (c == '\\' && next == '(') {
            pattern += "(?:";
        } else if (c == '\\' && (next == ')' || next == '|')) {
            pattern += next;
        } else if (c == '\\' && (next == '#' || next == '"')) {
            pattern += next;
        } else if (c == '\\' && next != '\0') {
            pattern += {c, next};
        } else if (std::string_view("(){}|+?/").find(c) != std::string_view::npos) {
            pattern += {'\\', c};
            continue;
        } else {
            pattern += c;
            continue;
        }
        ++at;
    }
    return pattern;
}

std::vector<std::string> words_of(const std::string& pattern) {
    std::vector<std::string> words{""};
    for (const char c : pattern) {
        if (c == ' ')
            words.emplace_back();
        else
            words.back() += c;
    }
    return words;
}

}  // namespace

std::optional<GrepCut> grep_cut_of(std::string_view value) {
    const auto grep = value.find("grep ");
    const auto cut = value.find("cut ");
    const auto fields = value.find("-f", cut == std::string_view::npos ? value.size() : cut);
    if (grep == std::string_view::npos || fields == std::string_view::npos) return std::nullopt;
    const auto pattern = quoted_after(value, grep);
    const auto digit = value.find_first_of("0123456789", fields);
    if (!pattern || digit == std::string_view::npos) return std::nullopt;
    GrepCut found{*pattern, 0, 0};
    const char* end = value.data() + value.size();
    const auto first = std::from_chars(value.data() + digit, end, found.first);
    found.last = found.first;
    if (first.ptr != end && (*first.ptr == ',' || *first.ptr == '-'))
        std::from_chars(first.ptr + 1, end, found.last);
    return found;
}

GrepLine::GrepLine(const std::string& basic_pattern) : words_(words_of(of_grep(basic_pattern))) {}

bool GrepLine::capture(const GrepCut& cut, const std::string& name) {
    GrepLine changed = *this;
    if (!changed.take(cut, name) || !policy::Pattern::compile(changed.pattern())) return false;
    *this = changed;
    return true;
}

bool GrepLine::take(const GrepCut& cut, const std::string& name) {
    if (cut.first == 0 || cut.last < cut.first) return false;
    if (cut.first > words_.size()) {
        tail_ = name;
        return cut.first == words_.size() + 1;
    }
    if (cut.last != cut.first) return false;
    std::string& word = words_[cut.first - 1];
    const std::size_t mark = word.starts_with('#') ? 1 : 0;
    word = fmt::format("{}(?<{}>{})", word.substr(0, mark), name, word.substr(mark));
    return true;
}

// Whoever is named at the end of a line has a name of any length, and a full stop behind it.
std::string GrepLine::pattern() const {
    const std::string tail = tail_.empty() ? "" : fmt::format(" (?<{}>.+?)\\.?\\s*$", tail_);
    return fmt::format("/{}{}/im", fmt::join(words_, " "), tail);
}

}  // namespace mailrota::ctl
