#include "core/policy/relaxed_pattern.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace mailrota::policy {
namespace {

// Characters in a row; without them a text rules too little out, and hundreds of patterns take minutes to
// compile.
constexpr std::size_t literal_least = 3;

bool is_quantifier(char c) { return c == '*' || c == '+' || c == '?' || c == '{'; }
bool among(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Walks a pattern that PCRE2 has compiled, once from left to right.
class Relaxing {
  public:
    explicit Relaxing(const PatternSource& source) : source_(source), rest_(source.pattern) {}

    std::optional<std::string> run() {
        if (rest_.find('\0') != std::string_view::npos) return {};
        if (source_.unicode && !even_text(rest_)) return {};
        // Beyond ASCII they do not agree on what is a blank.
        if (source_.extended && !is_ascii(rest_)) return {};
        if (source_.extended) relaxed_ = "(?x)";
        while (!rest_.empty())
            if (!take()) return {};
        if ((left_out_ && looks_around_) || longest_ < literal_least) return {};
        return std::move(relaxed_);
    }

  private:
    bool take() {
        switch (rest_.front()) {
            case '\\':
                return take_escape();
            case '[':
                return take_class();
            case '(':
                return take_group();
            case '^':
            case '$':
                return leave_out(1);
            case '#':
                return !source_.extended && keep(1);
            case '*':
            case '+':
            case '?':
            case '}':
                return take_quantifier();
            case '.':
            case '|':
            case ')':
            case '{':
                return keep(1);
            default:
                return keep_literal(1);
        }
    }

    bool keep(std::size_t count) {
        relaxed_ += rest_.substr(0, count);
        rest_.remove_prefix(count);
        literal_ = 0;
        return true;
    }

    // A character that stands for itself.
    bool keep_literal(std::size_t count) {
        const auto longer = literal_ + 1;
        keep(count);
        longest_ = std::max(longest_, literal_ = longer);
        return true;
    }

    // The next character that means something; NUL at the end.
    char next() const {
        const auto at = rest_.find_first_not_of(source_.extended ? " \t\r\n\f\v" : "");
        return at == std::string_view::npos ? '\0' : rest_[at];
    }

    // What stands for no character; a quantifier of it would be left to what is before.
    bool leave_out(std::size_t count) {
        rest_.remove_prefix(count);
        left_out_ = true;
        return !is_quantifier(next());
    }

    // A plus behind a quantifier makes it possessive: it matches less than one that gives back.
    bool take_quantifier() {
        keep(1);
        return next() != '+';
    }

    bool take_escape() {
        const char what = rest_.size() > 1 ? rest_[1] : '\0';
        if (what == 'Z' || (source_.unicode && among(what, "bB"))) return leave_out(2);
        if (source_.unicode && among(what, "wds")) return widen("[\\", what, "]");
        return take_plain_escape("nrtfaedDwWsSbBAz");
    }

    bool take_plain_escape(std::string_view letters) {
        if (rest_.size() < 2) return false;
        if (rest_[1] == 'x') return take_code();
        if (!is_letter_or_digit(rest_[1])) return keep_literal(2);
        return among(rest_[1], letters) && keep(2);
    }

    // \w \d and \s with Unicode's properties: as in ASCII, or any other character.
    bool widen(std::string_view before, char what, std::string_view after) {
        relaxed_.append(before).append(1, what).append("\\x{80}-\\x{10ffff}").append(after);
        rest_.remove_prefix(2);
        return true;
    }

    // \xhh: a byte; which character one is depends on u.
    bool take_code() {
        const auto hexadecimal = [&](std::size_t at) {
            return at < rest_.size() && among(rest_[at], "0123456789abcdefABCDEF");
        };
        return !source_.unicode && hexadecimal(2) && hexadecimal(3) && keep(4);
    }

    bool take_class() {
        keep(1);
        const bool negated = rest_.starts_with('^');
        if (negated) keep(1);
        if (rest_.starts_with(']')) keep(1);
        while (!rest_.empty() && rest_.front() != ']')
            if (!take_of_class(negated)) return false;
        return !rest_.empty() && keep(1);
    }

    bool take_of_class(bool negated) {
        if (rest_.front() == '\\') return take_escape_of_class(negated);
        const bool named = rest_.starts_with("[:") || rest_.starts_with("[.") || rest_.starts_with("[=");
        return named ? take_named_class() : keep(1);
    }

    // What a class says of ASCII alone is too much if it is not negated for \w, and if it is for \W.
    bool take_escape_of_class(bool negated) {
        const char what = rest_.size() > 1 ? rest_[1] : '\0';
        if (source_.unicode && !negated && among(what, "wds")) return widen("\\", what, "");
        if (source_.unicode && negated && among(what, "WDS")) return false;
        return take_plain_escape("nrtfaedDwWsSb");
    }

    // [:alpha:] inside a class.
    bool take_named_class() {
        const auto end = rest_.find(":]");
        if (source_.unicode || !rest_.starts_with("[:") || end == std::string_view::npos) return false;
        const auto name = rest_.substr(2, end - 2);
        const bool plain = std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
        return plain && !name.empty() && keep(end + 2);
    }

    bool take_group() {
        if (rest_.starts_with("(*")) return false;
        if (!rest_.starts_with("(?")) return keep(1);
        const auto opens = [&](std::string_view with) { return rest_.starts_with(with); };
        if (opens("(?:")) return keep(3);
        if (opens("(?=") || opens("(?!")) return look_around(3);
        if (opens("(?<=") || opens("(?<!")) return look_around(4);
        if (opens("(?<") || opens("(?P<")) return keep(rest_.find('>') + 1);
        return take_options();
    }

    bool look_around(std::size_t count) {
        looks_around_ = true;
        return keep(count);
    }

    // (?i: and, at the very start, (?i)
    bool take_options() {
        const auto end = rest_.find_first_not_of("ims-", 2);
        const bool at_start = rest_.size() == source_.pattern.size();
        const bool ends =
            end != std::string_view::npos && (rest_[end] == ':' || (at_start && rest_[end] == ')'));
        return ends && keep(end + 1);
    }

    const PatternSource& source_;
    std::string_view rest_;
    std::string relaxed_;
    std::size_t literal_ = 0;  // characters in a row up to here
    std::size_t longest_ = 0;  // of such rows
    bool left_out_ = false;
    bool looks_around_ = false;
};

// How many bytes at the start of a text are ASCII, eight at a time; at most seven fewer than there are.
std::size_t ascii_bytes(std::string_view text) {
    constexpr std::uint64_t high_bits = 0x8080808080808080;
    std::size_t done = 0;
    for (std::uint64_t eight = 0; done + sizeof eight <= text.size(); done += sizeof eight) {
        std::memcpy(&eight, text.data() + done, sizeof eight);
        if (eight & high_bits) break;
    }
    return done;
}

struct Span {
    std::uint32_t first;
    std::uint32_t last;
};
constexpr Span even_spans[] = {{0x0, 0x33F},     {0x400, 0x4FF},   {0x2000, 0x20FF},
                               {0x2500, 0x2BFF}, {0x3000, 0x9FFF}, {0x1F000, 0x1FFFF}};

// The length of the even character at the start of a text that is not empty; 0 if it is another, or none.
std::size_t even_character(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return 1;
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    std::uint32_t character = first & (0x7FU >> length);
    for (const char c : text.substr(1, length - 1)) {
        const auto next = static_cast<unsigned char>(c);
        if ((next & 0xC0U) != 0x80U) return 0;
        character = character << 6 | (next & 0x3FU);
    }
    const bool shortest = length == 2 || (length == 3 && character >= 0x800) || character >= 0x10000;
    const bool even = std::ranges::any_of(even_spans, [character](const Span& span) {
        return span.first <= character && character <= span.last;
    });
    return shortest && even ? length : 0;
}

}  // namespace

std::optional<std::string> relaxed_pattern(const PatternSource& source) { return Relaxing(source).run(); }

bool even_text(std::string_view text) {
    while (!text.empty()) {
        text.remove_prefix(ascii_bytes(text));
        for (int i = 0; i < 8 && !text.empty(); ++i) {
            const auto length = even_character(text);
            if (length == 0) return false;
            text.remove_prefix(length);
        }
    }
    return true;
}

}  // namespace mailrota::policy
