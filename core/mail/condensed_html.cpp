#include "core/mail/condensed_html.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/mail/eight_bytes.h"
#include "core/mail/html_tag.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;
constexpr std::size_t most_runs = 0xFFF0;
constexpr std::size_t shortest_run = 8;
constexpr unsigned first_mark = 0xF0000;        // code point
constexpr unsigned first_like_marks = 0xC0000;  // whose first byte is the same

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool same_letters(std::string_view text, std::string_view small) {
    return std::ranges::equal(text, small, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

// Whether HtmlMarks may ask for it, whatever its value; a style is another matter.
bool is_asked_for(std::string_view attribute) {
    constexpr std::array<std::string_view, 6> names = {"class", "id",       "name",
                                                       "type",  "tabindex", "data-marker"};
    return std::ranges::any_of(names, [&](std::string_view name) { return same_letters(attribute, name); });
}

bool may_draw_rule(std::string_view style) {
    return style.find('&') != nowhere || style.find("order-top") != nowhere ||
           style.find("ORDER-TOP") != nowhere;
}

bool is_odd(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && !is_blank(c)) || byte == 0xEF;
}

// Characters that the parser leaves out of text, or some near them.
bool has_odd_characters(std::string_view run) {
    for (; run.size() >= EightBytes::size; run.remove_prefix(EightBytes::size)) {
        const EightBytes eight(run.data());
        const bool suspect = (eight.below(' ') | eight.equal(0xEF)) != 0;
        if (suspect && std::ranges::any_of(run.substr(0, EightBytes::size), is_odd)) return true;
    }
    return std::ranges::any_of(run, is_odd);
}

// Whether there is a reference by number, which may stand for any character.
bool holds_number(std::string_view text) { return text.find("&#") != nowhere; }

std::size_t find_end_tag(std::string_view html, std::size_t from, std::string_view name) {
    for (std::size_t at = html.find("</", from); at != nowhere; at = html.find("</", at + 2))
        if (same_letters(html.substr(at + 2, name.size()), name)) return at;
    return nowhere;
}

}  // namespace

CondensedHtml::CondensedHtml(std::string_view html) : whole_(html) {
    const bool has_private = html.find(mark) != nowhere || html.find('\xF4') != nowhere;
    if (has_private || html.find('\0') != nowhere) return;
    short_.reserve(html.size() / 2);
    condensed_ = condense();
}

std::string_view CondensedHtml::run(std::string_view text) const {
    if (text.size() < mark_size) return {};
    std::size_t number = 0;
    for (std::size_t i = 1; i < mark_size; ++i)
        number = number << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    number -= first_mark & 0x3FFFFU;
    return number < runs_.size() ? runs_[number] : std::string_view{};
}

// False if nothing of the document may be condensed.
bool CondensedHtml::condense() {
    for (std::size_t at = 0; at < whole_.size();) {
        const std::size_t tag = std::min(whole_.find('<', at), whole_.size());
        if (!add_text(whole_.substr(at, tag - at))) return false;
        if (tag == whole_.size()) break;
        const bool declaration = whole_.substr(tag).starts_with("<!") || whole_.substr(tag).starts_with("<?");
        at = declaration ? add_declaration(tag) : add_tag(tag);
        if (at != nowhere) continue;
        at = add_verbatim(tag, whole_.size());
        if (holds_number(whole_.substr(tag))) return false;
    }
    return true;
}

// False if a reference in it may stand for one of the marks.
bool CondensedHtml::add_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t reference = std::min(text.find('&'), text.size());
        add_run(text.substr(0, reference));
        text.remove_prefix(reference);
        if (!text.empty() && !add_reference(text)) return false;
    }
    return true;
}

// "&amp;", "&#233;", or a sign that only looks so, with all the text behind it.
bool CondensedHtml::add_reference(std::string_view& text) {
    std::string_view name = text.substr(1, std::min(text.find(';'), text.size()) - 1);
    const bool ended = name.size() + 1 < text.size();
    if (name.starts_with('#')) {
        name.remove_prefix(1);
        const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
        if (hexadecimal) name.remove_prefix(1);
        unsigned code = 0;
        const char* const end = name.data() + name.size();
        const auto read = std::from_chars(name.data(), end, code, hexadecimal ? 16 : 10);
        if (!ended || read.ec != std::errc() || read.ptr != end || code >= first_like_marks) return false;
    } else if (!ended || name.empty() || !std::ranges::all_of(name, [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
               })) {
        if (holds_number(text)) return false;
        short_ += text;
        text = {};
        return true;
    }
    const std::size_t size = text.find(';') + 1;
    short_ += text.substr(0, size);
    text.remove_prefix(size);
    return true;
}

void CondensedHtml::add_run(std::string_view run) {
    const bool worth = run.size() >= shortest_run && runs_.size() < most_runs;
    if (!worth || std::ranges::all_of(run, is_blank) || has_odd_characters(run)) {
        short_ += run;
        return;
    }
    const auto number = static_cast<unsigned>(runs_.size()) + (first_mark & 0x3FFFFU);
    short_ += {mark, static_cast<char>(0x80U | number >> 12),
               static_cast<char>(0x80U | (number >> 6 & 0x3FU)), static_cast<char>(0x80U | (number & 0x3FU))};
    runs_.push_back(run);
}

// False if there are two styles: the first of them counts.
bool CondensedHtml::add_attributes(HtmlTagReader& tag) {
    const bool all = same_letters(tag.name(), "meta");  // it may say how the bytes are to be read
    unsigned styles = 0;
    for (HtmlTagAttribute attribute; tag.next(attribute);) {
        const bool style = same_letters(attribute.name, "style");
        styles += style ? 1U : 0U;
        if (all || (style ? may_draw_rule(attribute.value) : is_asked_for(attribute.name)))
            short_ += attribute.whole;
    }
    return styles < 2;
}

// Where it ends; nowhere if that is in doubt.
std::size_t CondensedHtml::add_tag(std::size_t at) {
    HtmlTagReader tag(whole_.substr(at));
    if (tag.name().empty()) return nowhere;
    const std::size_t before = short_.size();
    short_ += whole_.substr(at, tag.position());
    const bool plain = add_attributes(tag);
    const std::size_t attributes_end = at + tag.position();
    const std::string_view end = tag.end();
    const std::size_t behind = at + tag.position();
    // A slash would be taken for the end of a value without quotes. An end tag may be shown as it is written.
    if (end == "/>") short_ += ' ';
    short_ += tag.closes() ? whole_.substr(attributes_end, behind - attributes_end) : end;
    std::size_t next = plain && !end.empty() ? behind : nowhere;
    for (const std::string_view raw : {"script", "style"})
        if (next != nowhere && !tag.closes() && same_letters(tag.name(), raw))
            next = end == ">" ? add_raw(behind, raw) : nowhere;
    if (next == nowhere) short_.resize(before);
    return next;
}

// What a script or style holds, which is not read as HTML. In doubt if the parser may see its end elsewhere.
std::size_t CondensedHtml::add_raw(std::size_t begin, std::string_view name) {
    const std::size_t close = find_end_tag(whole_, begin, name);
    if (close == nowhere) return nowhere;
    const std::string_view content = whole_.substr(begin, close - begin);
    const bool ends = whole_.substr(close + 2 + name.size()).starts_with('>');
    const bool begins_as_tag = content.starts_with('<') && !content.starts_with("<!");
    return ends && !begins_as_tag ? add_verbatim(begin, close) : nowhere;
}

// "<!DOCTYPE html>", "<!-- … -->", "<![endif]>".
std::size_t CondensedHtml::add_declaration(std::size_t at) {
    const std::string_view rest = whole_.substr(at);
    if (rest.starts_with("<!--")) {
        const std::size_t end = rest.find("-->", 4);
        const bool odd = end == nowhere || rest.substr(4).starts_with('>') ||
                         rest.substr(4).starts_with("->") || rest.substr(4, end - 4).find("--!") != nowhere;
        return odd ? nowhere : add_verbatim(at, at + end + 3);
    }
    const std::size_t end = rest.find('>');
    const std::string_view inside = rest.substr(1, end == nowhere ? 0 : end - 1);
    // The parser may show it as text, with its references.
    const bool odd = inside.empty() || inside.find_first_of("<'") != nowhere || holds_number(inside) ||
                     std::ranges::count(inside, '"') % 2 != 0;
    return odd ? nowhere : add_verbatim(at, at + end + 1);
}

std::size_t CondensedHtml::add_verbatim(std::size_t begin, std::size_t end) {
    short_ += whole_.substr(begin, end - begin);
    return end;
}

}  // namespace mailrota::mail
