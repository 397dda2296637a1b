#include "core/mail/history_mark.h"

#include <algorithm>

#include "core/mail/embedded_header.h"
#include "core/mail/folded_text.h"
#include "core/mail/history_words.h"

namespace mailrota::mail {
namespace {

// How many empty lines may stand between a separator and its header.
constexpr std::size_t most_blanks = 3;

// The header block right below a separator; its end is `from` if there is none.
EmbeddedHeader header_below(const SightedText& text, std::size_t from, unsigned parts) {
    const std::size_t at = text.next_words(from);
    if (at >= text.size() || at - from > most_blanks || !read_label(text.content(at)))
        return {from, 0, false, false, {}, {}};
    const EmbeddedHeader header = read_embedded_header(text, at);
    return header.parts >= parts ? header : EmbeddedHeader{from, 0, false, false, {}, {}};
}

HistoryMark separated(const SightedText& text, std::size_t line, const EmbeddedHeader& header, bool forward,
                      std::string_view why) {
    const bool headed = header.end > line + 1;
    // A header that is quoted by marks while the separator is not belongs to the quote.
    const bool same_depth = headed && text[header.end - 1].depth == text[line].depth;
    HistoryMark mark{HistoryMark::Kind::separator, line, line + 1, forward, false, true, why, {}, {}};
    mark.subject = header.subject;
    if (!same_depth) return mark;
    mark.header = true;
    mark.end = header.end;
    return mark;
}

// "-----Original Message-----", "Begin forwarded message:"
std::optional<HistoryMark> find_words(const SightedText& text, std::size_t line) {
    const std::string_view content = text.content(line);
    if (content.size() > longest_separator + 60) return std::nullopt;
    std::string_view words = content;
    const std::size_t dashes = std::min(words.find_first_not_of("-_*=# "), words.size());
    words.remove_prefix(dashes);
    words = words.substr(0, words.find_last_not_of("-_*=# ") + 1);
    const bool framed = content.substr(0, dashes).find_first_of("-_=#") != content.npos;
    if (words.empty() || words.size() > longest_separator) return std::nullopt;
    std::string folded = fold_text(words);
    const bool colon = folded.ends_with(':');
    while (folded.ends_with(':') || folded.ends_with(' ')) folded.pop_back();
    const auto separator = find_separator(folded);
    if (!separator) return std::nullopt;
    const EmbeddedHeader header = header_below(text, line + 1, framed ? 1 : 2);
    if (!framed && header.end == line + 1 && !folded.ends_with(" by david")) return std::nullopt;
    if (!framed && !colon && header.parts < 3 && !folded.ends_with(" by david")) return std::nullopt;
    return separated(text, line, header, separator->forward, separator->why);
}

// A line of underscores, which Outlook puts above a header block.
std::optional<HistoryMark> find_ruler(const SightedText& text, std::size_t line) {
    const std::string_view content = text.content(line);
    if (content.size() < 10 || content.find_first_not_of("_-") != content.npos) return std::nullopt;
    const EmbeddedHeader header = header_below(text, line + 1, 3);
    if (!header.certain() || !header.from) return std::nullopt;
    HistoryMark mark = separated(text, line, header, false, header.why);
    mark.separated = content.front() == '_';
    return mark;
}

// "NAME ---06.03.2017 08:15:00---SUBJECT" of Lotus Notes.
std::optional<HistoryMark> find_notes_line(const SightedText& text, std::size_t line) {
    const std::string_view content = text.content(line);
    const std::size_t first = content.substr(0, 100).find("---");
    if (first == content.npos || first == 0) return std::nullopt;
    const std::size_t second = content.find("---", first + 3);
    if (second == content.npos || second - first > 60) return std::nullopt;
    const std::string_view date = content.substr(first + 3, second - first - 3);
    if (!has_date(date) || date.find(':') == date.npos) return std::nullopt;
    const EmbeddedHeader header = header_below(text, line + 1, 2);
    if (header.end == line + 1) return std::nullopt;
    return separated(text, line, header, false, "below a line of Lotus Notes");
}

std::optional<HistoryMark> find_header(const SightedText& text, std::size_t line,
                                       std::size_t& no_header_until) {
    const EmbeddedHeader header = read_embedded_header(text, line);
    if (!header.certain() || !header.from) {
        no_header_until = header.end;
        return std::nullopt;
    }
    return HistoryMark{
        HistoryMark::Kind::header, line, header.end, false, true, false, header.why, header.subject, {}};
}

std::optional<HistoryMark> find_attribution(const SightedText& text, std::size_t line) {
    const Attribution found = read_attribution(text, line);
    if (found.kind == Attribution::Kind::none) return std::nullopt;
    return HistoryMark{
        HistoryMark::Kind::attribution, found.begin, line + 1, false, false, false, "attribution", {}, found};
}

// "2017/3/6 NAME <ADDR>", without a colon, right above quote marks.
bool may_be_bare_attribution(const SightedText& text, std::size_t line, std::string_view content) {
    if (!content.ends_with('>') || content.size() > 200 || !has_address(content)) return false;
    const std::size_t next = text.next_words(line + 1);
    return next < text.size() && text[next].depth > text[line].depth && has_date(content);
}

bool has_three_dashes(std::string_view text) {
    for (std::size_t at = text.find('-'); at != std::string_view::npos; at = text.find('-', at + 1))
        if (at + 2 < text.size() && text[at + 1] == '-' && text[at + 2] == '-') return true;
    return false;
}

// The last byte of what a separator without a frame may end with: a colon, a wide colon, Tobit's "david".
bool may_end_separator(std::string_view content) {
    const char last = content.back();
    return last == ':' || (last == '\x9A' && content.ends_with("\xEF\xBC\x9A")) ||
           (last == 'd' && content.ends_with("david"));
}

}  // namespace

std::optional<HistoryMark> find_history_mark(const SightedText& text, std::size_t line,
                                             std::size_t& no_header_until) {
    const std::string_view content = text.content(line);
    const char first = content.front();
    std::optional<HistoryMark> mark;
    const std::string_view head = content.substr(0, longest_label);
    const bool colon = head.find(':') != head.npos;
    const bool framed = std::string_view("-_*=#").find(first) != std::string_view::npos;
    if (framed) mark = find_ruler(text, line);
    const bool ended = may_end_separator(content);
    if (!mark && (framed || ended)) mark = find_words(text, line);
    const bool wide = static_cast<unsigned char>(first) >= 0x80;
    if (!mark && line >= no_header_until && (colon || wide || head.find('\t') != head.npos) &&
        read_label(content))
        mark = find_header(text, line, no_header_until);
    if (!mark && has_three_dashes(content.substr(0, 100))) mark = find_notes_line(text, line);
    if (!mark && may_end_attribution(content)) mark = find_attribution(text, line);
    if (!mark && may_be_bare_attribution(text, line, content)) {
        mark = HistoryMark{HistoryMark::Kind::attribution,
                           line,
                           line + 1,
                           false,
                           false,
                           false,
                           "attribution",
                           {},
                           {Attribution::Kind::dated, true, false, 1, line}};
    }
    return mark;
}

}  // namespace mailrota::mail
