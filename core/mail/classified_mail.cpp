#include "core/mail/classified_mail.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mail/message.h"
#include "core/mail/text_hints.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view no_break = "\xC2\xA0";

// By byte: letters and digits of any script; the rest is how a client draws them.
constexpr std::array<bool, 256> make_word_bytes() {
    std::array<bool, 256> words{};
    for (std::size_t byte = 0; byte < words.size(); ++byte)
        words[byte] = byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                      (byte >= 'A' && byte <= 'Z');
    return words;
}
constexpr std::array<bool, 256> word_bytes = make_word_bytes();

bool is_word_byte(char c) { return word_bytes[static_cast<unsigned char>(c)]; }

// A no-break space is no word.
bool is_word(std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool no_word = (c == no_break[0] && text.substr(at).starts_with(no_break)) ||
                         (c == no_break[1] && at > 0 && text[at - 1] == no_break[0]);
    return is_word_byte(c) && !no_word;
}

std::size_t next_word_byte(std::string_view text, std::size_t at) {
    while (at < text.size() && !is_word(text, at)) ++at;
    return at;
}

// How many bytes both have in common before they differ.
std::size_t common_prefix(std::string_view left, std::string_view right) {
    const auto most = static_cast<std::ptrdiff_t>(std::min(left.size(), right.size()));
    const auto differ = std::mismatch(left.begin(), left.begin() + most, right.begin());
    return static_cast<std::size_t>(differ.first - left.begin());
}

// What is the same byte by byte needs no look at its words; but a no-break space must not be split.
bool same_words(std::string_view left, std::string_view right) {
    std::size_t l = 0, r = 0;
    while (true) {
        std::size_t same = common_prefix(left.substr(l), right.substr(r));
        if (same > 0 && left[l + same - 1] == '\xC2') --same;
        l = next_word_byte(left, l + same);
        r = next_word_byte(right, r + same);
        if (l == left.size() || r == right.size()) return l == left.size() && r == right.size();
        if (left[l++] != right[r++]) return false;
    }
}

std::string words_of(std::string_view line) {
    const bool simple = line.find(no_break) == std::string_view::npos;
    std::string words(line.size(), '\0');
    std::size_t size = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        words[size] = line[at];
        size += (simple ? is_word_byte(line[at]) : is_word(line, at)) ? 1U : 0U;
    }
    words.resize(size);
    return words;
}

// The first and the last byte of its words as one number, of which most lines differ; 0 if it has none.
std::size_t ends_of(std::string_view line) {
    const std::size_t first = next_word_byte(line, 0);
    if (first == line.size()) return 0;
    std::size_t last = line.size() - 1;
    while (!is_word(line, last)) --last;
    return static_cast<std::size_t>(static_cast<unsigned char>(line[first])) << 8 |
           static_cast<unsigned char>(line[last]);
}

// A line that the plain text shows as old only is old in the HTML beside it, too, where no element says so.
void learn(ClassifiedText& html, const ClassifiedText& plain) {
    struct Shown {
        bool old = false, other = false;
    };
    std::map<std::string, Shown> shown;  // no mail can make a tree slow
    std::bitset<1 << 16> ends;
    std::vector<std::pair<ClassifiedLine*, const Shown*>> asked;
    for (ClassifiedLine& line : html.lines) {
        if (line.of != LineClass::fresh) continue;
        const std::string_view text = html.text_of(line);
        const std::size_t here = ends_of(text);
        if (here == 0) continue;
        ends.set(here);
        asked.emplace_back(&line, &shown[words_of(text)]);
    }
    if (asked.empty()) return;
    for (const ClassifiedLine& line : plain.lines) {
        const std::string_view text = plain.text_of(line);
        if (!ends.test(ends_of(text))) continue;
        const auto found = shown.find(words_of(text));
        if (found != shown.end())
            (line.of == LineClass::quoted ? found->second.old : found->second.other) = true;
    }
    for (const auto& [line, of] : asked) {
        if (!of->old || of->other) continue;
        line->of = LineClass::quoted;
        line->level = 1;
        line->why = "quoted in the plain text";
    }
}

// What somebody attached is passed on; what it quotes stays a quote.
void pass_on(ClassifiedText& text) {
    for (ClassifiedLine& line : text.lines) {
        if (line.of == LineClass::fresh) {
            line.of = LineClass::forwarded;
            line.level = 1;
            line.why = "attached message";
        } else if (line.of == LineClass::forwarded && line.level < 255) {
            ++line.level;
        }
    }
}

ClassifiedText classify(Text text, const TextOrigin& origin, const TextHints& hints) {
    ClassifiedText classified = classify_text(std::move(text.utf8), origin, hints);
    classified.truncated = text.truncated;
    return classified;
}

}  // namespace

std::vector<ClassifiedText> classify_mail(const TextHints& hints, const MimeContent& content,
                                          OtherTexts others) {
    std::vector<ClassifiedText> texts;
    texts.push_back(classify(content.text, content.origin, hints));
    if (!others.html.utf8.empty() && !same_words(content.text.utf8, others.html.utf8)) {
        texts.push_back(classify(std::move(others.html), others.origin, hints));
        learn(texts.back(), texts.front());
    }
    for (std::string& bytes : others.messages) {
        const Message message = Message::from_bytes(std::move(bytes));
        MimeContent inside = MimeBody(message.headers(), message.body(), DecodeLimits{}).text();
        ClassifiedText attached = classify(std::move(inside.text), inside.origin, hints_of(message));
        pass_on(attached);
        texts.push_back(std::move(attached));
    }
    texts.back().truncated = texts.back().truncated || others.truncated;
    return texts;
}

}  // namespace mailrota::mail
