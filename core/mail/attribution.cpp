#include "core/mail/attribution.h"

#include <algorithm>
#include <string>

#include "core/mail/folded_text.h"
#include "core/mail/history_words.h"
#include "core/mail/sighted_text.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t longest_line = 300;  // bytes; an attribution is no paragraph
constexpr std::size_t most_breaks = 4;
constexpr unsigned most_words = 40;
constexpr std::string_view wide_colon = "\xEF\xBC\x9A";

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "8:15", "06.03.2017", "8h15", "6th", "2017年3月6日", "+0400"; not "db1".
bool is_number(std::string_view word) {
    word.remove_prefix(std::min(word.find_first_not_of("(+-'\""), word.size()));
    return !word.empty() && is_digit(word.front()) && word.size() <= 60;
}

std::string_view without_punctuation(std::string_view word) {
    constexpr std::string_view punctuation = ",;:()<>[]\"'*.";
    const std::size_t begin = std::min(word.find_first_not_of(punctuation), word.size());
    word.remove_prefix(begin);
    return word.substr(0, word.find_last_not_of(punctuation) + 1);
}

std::optional<AttributionWord> meaning(std::string_view folded) {
    std::string_view bare = folded.substr(0, folded.find_last_not_of(",:;") + 1);
    if (const auto found = find_attribution_word(bare)) return found;
    bare = without_punctuation(folded);
    return bare.size() == folded.size() ? std::nullopt : find_attribution_word(bare);
}

// Reads the words of an attribution one by one and counts what they are.
class Judge {
  public:
    void word(std::string_view original) {
        if (words_++ == 0) result_.opened = is_attribution_opener(fold_text(without_punctuation(original)));
        if (original.find('@') != original.npos) return address(original);
        if (is_number(original)) return number();
        const std::string folded = fold_text(original);
        const auto known = meaning(folded);
        const bool verb = known == AttributionWord::verb;
        verb_ = verb_ || verb;
        ends_with_verb_ = verb || (known && ends_with_verb_);
        result_.names += known == AttributionWord::pronoun ? 1U : 0U;
        if (known || (words_ == 1 && result_.opened)) return;
        const std::string_view bare = without_punctuation(original);
        if (bare.empty()) return;
        if (is_small(bare.front()))
            ++small_;
        else
            ++result_.names;
    }

    bool too_long() const { return words_ > most_words; }

    Attribution verdict(std::string_view joined) {
        const std::string folded = fold_text(joined);
        const bool joined_verb = has_joined_verb(folded);
        verb_ = verb_ || joined_verb;
        ends_with_verb_ = ends_with_verb_ || joined_verb;
        result_.address = result_.address || has_address(joined);
        const unsigned early = seen_number_ ? early_ : 0;
        const unsigned strange = small_ + (result_.opened && early > 0 ? early - 1 : early);
        const bool somebody = result_.address ? strange <= 3 : strange == 0 && result_.names > 0;
        if (!somebody || too_long()) return result_;
        if (!verb_ && !bracketed_last_) return result_;
        if (has_date(folded))
            result_.kind = verb_ ? Attribution::Kind::certain : Attribution::Kind::dated;
        else if (verb_ && ends_with_verb_ && words_ <= 12)
            result_.kind = Attribution::Kind::verb;
        return result_;
    }

  private:
    void address(std::string_view original) {
        const std::string_view bare = without_punctuation(original);
        const bool inside = bare.find('@') != bare.npos && bare.size() > 2;
        result_.address = result_.address || inside;
        bracketed_last_ = original.find('<') != original.npos || original.find('(') != original.npos;
        ends_with_verb_ = false;
    }

    // Words between numbers belong to the date, up to a few.
    void number() {
        if (!seen_number_) early_ = small_;
        const unsigned most = seen_number_ ? 4 : small_;
        small_ -= std::min(small_, most);
        seen_number_ = true;
        ends_with_verb_ = false;
        bracketed_last_ = false;
    }

    Attribution result_;
    unsigned words_ = 0, small_ = 0, early_ = 0;
    bool verb_ = false, ends_with_verb_ = false, bracketed_last_ = false, seen_number_ = false;
};

// The end without the marks that some clients put there.
std::string_view bare_end(std::string_view content) {
    return content.substr(0, content.find_last_not_of(" *_-\t>") + 1);
}

bool ends_in_colon(std::string_view content) {
    const std::string_view end = bare_end(content);
    return end.ends_with(':') || end.ends_with(wide_colon);
}

// "---- NAME wrote ----"
bool is_dashed(std::string_view content) { return content.starts_with("---") && content.ends_with("---"); }

// Whether the words begin as those of an attribution do, so that its first line is among them.
bool begins_attribution(std::string_view words) {
    const std::string first(words.substr(0, words.find(' ')));
    return is_number(first) || is_attribution_opener(fold_text(without_punctuation(first)));
}

// A sentence of the mail itself, above an attribution that is one line long.
bool ends_sentence(std::string_view words) {
    return words.ends_with('.') || words.ends_with('!') || words.ends_with('?');
}

// Whether some line could hold the date or the address of an attribution.
bool has_numbers(std::string_view content) {
    return std::ranges::any_of(content, [](char c) { return is_digit(c) || c == '@'; });
}

}  // namespace

bool may_end_attribution(std::string_view content) {
    return content.size() <= longest_line && (ends_in_colon(content) || is_dashed(content));
}

Attribution judge_attribution(std::string_view joined) {
    Judge judge;
    for (std::size_t at = 0; at < joined.size() && !judge.too_long();) {
        const std::size_t begin = joined.find_first_not_of(" \t", at);
        if (begin == std::string_view::npos) break;
        std::size_t end = std::min(joined.find_first_of(" \t", begin), joined.size());
        const std::size_t no_break = joined.substr(begin, end - begin).find("\xC2\xA0");
        if (no_break == 0) {
            at = begin + 2;
            continue;
        }
        if (no_break != std::string_view::npos) end = begin + no_break;
        judge.word(joined.substr(begin, end - begin));
        at = end;
    }
    return judge.verdict(joined);
}

Attribution read_attribution(const SightedText& text, std::size_t line) {
    Attribution best;
    std::string joined;
    bool numbers = false;
    for (std::size_t breaks = 0; breaks <= most_breaks && breaks <= line; ++breaks) {
        const std::size_t at = line - breaks;
        const std::string_view content = text.content(at);
        const bool same = !text[at].blank && text[at].depth == text[line].depth;
        if (!same || content.size() > longest_line || (breaks > 0 && ends_in_colon(content))) break;
        const std::string_view words = trim_marks(content);
        if (breaks > 0 && ends_sentence(words) && !begins_attribution(words)) break;
        joined.insert(0, breaks > 0 ? std::string(words) + ' ' : std::string(words));
        numbers = numbers || has_numbers(content);
        if (!numbers && breaks > 0) continue;
        Attribution found = judge_attribution(joined);
        found.begin = at;
        const bool dashed = is_dashed(content) && found.kind == Attribution::Kind::verb;
        if (dashed) found.kind = Attribution::Kind::certain;
        if (found.kind > best.kind || (found.kind == best.kind && found.opened && !best.opened)) best = found;
        if (best.kind == Attribution::Kind::certain && best.opened) break;
    }
    return best;
}

}  // namespace mailrota::mail
