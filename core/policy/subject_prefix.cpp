#include "core/policy/subject_prefix.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/policy/fold.h"

namespace mailrota::policy {
namespace {

using Kind = PrefixedSubject::Kind;

struct Prefix {
    std::string_view word;  // ASCII letters small
    Kind kind;
};

// What mail clients put before a subject. VS is a reply in Finnish and a forward in Danish; as a reply it
// only ever keeps quiet about what was said before.
constexpr std::array prefixes{
    Prefix{"re", Kind::reply},           Prefix{"aw", Kind::reply},       Prefix{"sv", Kind::reply},
    Prefix{"vs", Kind::reply},           Prefix{"antw", Kind::reply},     Prefix{"antwort", Kind::reply},
    Prefix{"odp", Kind::reply},          Prefix{"rif", Kind::reply},      Prefix{"r", Kind::reply},
    Prefix{"res", Kind::reply},          Prefix{"ynt", Kind::reply},      Prefix{"vá", Kind::reply},
    Prefix{"vÁ", Kind::reply},           Prefix{"отв", Kind::reply},      Prefix{"Отв", Kind::reply},
    Prefix{"ОТВ", Kind::reply},          Prefix{"回复", Kind::reply},     Prefix{"答复", Kind::reply},
    Prefix{"回覆", Kind::reply},         Prefix{"fwd", Kind::forward},    Prefix{"fw", Kind::forward},
    Prefix{"wg", Kind::forward},         Prefix{"tr", Kind::forward},     Prefix{"rv", Kind::forward},
    Prefix{"i", Kind::forward},          Prefix{"enc", Kind::forward},    Prefix{"pd", Kind::forward},
    Prefix{"vb", Kind::forward},         Prefix{"vl", Kind::forward},     Prefix{"doorst", Kind::forward},
    Prefix{"videresend", Kind::forward}, Prefix{"redir.", Kind::forward}, Prefix{"redir", Kind::forward},
    Prefix{"İlt", Kind::forward},        Prefix{"İLT", Kind::forward},    Prefix{"ilt", Kind::forward},
    Prefix{"转发", Kind::forward},       Prefix{"轉寄", Kind::forward},
};

constexpr std::string_view wide_colon = "：";

std::string_view without_blanks_before(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool starts_folded(std::string_view text, std::string_view word) {
    return text.size() >= word.size() && equal_folded(text.substr(0, word.size()), word);
}

// "[2]" or "(2)" or "^2", as some clients count.
std::string_view without_count(std::string_view text) {
    if (text.empty() || (text.front() != '[' && text.front() != '(' && text.front() != '^')) return text;
    const auto end = text.find_first_not_of("0123456789", 1);
    if (end == 1 || end == std::string_view::npos) return text;
    if (text.front() == '^') return text.substr(end);
    return text[end] == (text.front() == '[' ? ']' : ')') ? text.substr(end + 1) : text;
}

// What follows the colon that ends a prefix.
std::optional<std::string_view> after_colon(std::string_view text) {
    text = without_blanks_before(without_count(text));
    if (text.starts_with(':')) return text.substr(1);
    if (text.starts_with(wide_colon)) return text.substr(wide_colon.size());
    return std::nullopt;
}

}  // namespace

PrefixedSubject take_prefixes(std::string_view subject) {
    PrefixedSubject taken{Kind::none, without_blanks_before(subject)};
    for (bool found = true; found;) {
        found = false;
        for (const auto& prefix : prefixes) {
            if (!starts_folded(taken.rest, prefix.word)) continue;
            const auto rest = after_colon(taken.rest.substr(prefix.word.size()));
            if (!rest) continue;
            if (taken.outermost == Kind::none) taken.outermost = prefix.kind;
            taken.rest = without_blanks_before(*rest);
            found = true;
            break;
        }
    }
    return taken;
}

}  // namespace mailrota::policy
