#include "core/mail/classified_mail.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/mail/message.h"
#include "core/mail/text_hints.h"

namespace mailrota::mail {
namespace {

// Letters and digits of any script; the rest is how a client draws them.
bool is_word(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
        const bool no_break = (c == '\xC2' && at + 1 < text.size() && text[at + 1] == '\xA0') ||
                              (c == '\xA0' && at > 0 && text[at - 1] == '\xC2');
        return !no_break;
    }
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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
    std::string words;
    for (std::size_t at = 0; at < line.size(); ++at)
        if (is_word(line, at)) words += line[at];
    return words;
}

// A line that the plain text shows as old only is old in the HTML beside it, too, where no element says so.
void learn(ClassifiedText& html, const ClassifiedText& plain) {
    std::unordered_set<std::string> fresh, old;
    for (const ClassifiedLine& line : plain.lines)
        (line.of == LineClass::quoted ? old : fresh).insert(words_of(plain.text_of(line)));
    if (old.empty()) return;
    for (ClassifiedLine& line : html.lines) {
        if (line.of != LineClass::fresh) continue;
        const std::string words = words_of(html.text_of(line));
        if (words.empty() || fresh.contains(words) || !old.contains(words)) continue;
        line.of = LineClass::quoted;
        line.level = 1;
        line.why = "quoted in the plain text";
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
