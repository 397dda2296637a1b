#include "core/mail/html_text.h"

#include <libxml/HTMLparser.h>
#include <libxml/dict.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "core/mail/condensed_html.h"
#include "core/mail/eight_bytes.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t deepest = 256;
// libxml2 compares every attribute of an element with every other, and every closing tag with all open ones.
// From one call of ours to the next it may learn so many bytes of names, the rest of an element's attributes
// are dropped; it would wait for ever before an element's name that it drops. After so many in all, nothing
// more is read.
constexpr std::size_t new_name_bytes = 8192;
constexpr std::size_t name_bytes = 16384;

constexpr std::array<std::string_view, 35> block_names = {
    "address", "article", "aside",  "blockquote", "body",  "br",    "caption", "center", "dd",
    "div",     "dl",      "dt",     "footer",     "form",  "h1",    "h2",      "h3",     "h4",
    "h5",      "h6",      "header", "hr",         "li",    "main",  "nav",     "ol",     "p",
    "pre",     "section", "table",  "tbody",      "tfoot", "thead", "tr",      "ul"};
constexpr std::array<std::string_view, 6> hidden_names = {"head",  "noscript", "script",
                                                          "style", "template", "title"};

static_assert(std::ranges::is_sorted(block_names) && std::ranges::is_sorted(hidden_names));

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
    return std::ranges::binary_search(names, name);
}

bool is_blank(char c) {
    const bool letter = static_cast<unsigned char>(c) > ' ';  // as most are
    return !letter && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}

// How many of the first eight bytes are surely words with one space between each; the last is no space.
std::size_t plain_words(std::string_view run) {
    if (run.size() < EightBytes::size) return 0;
    const EightBytes eight(run.data());
    const std::uint64_t spaces = eight.equal(' ');
    if ((eight.below(' ') | (spaces & spaces >> 8)) != 0) return 0;
    return run[EightBytes::size - 1] == ' ' ? EightBytes::size - 1 : EightBytes::size;
}

// Receives libxml2's events for one document and keeps the words.
class Reader {
  public:
    // `marks` may be null.
    Reader(const CondensedHtml& condensed, std::size_t expected, HtmlMarks* marks)
        : condensed_(condensed), marks_(marks) {
        text_.utf8.reserve(expected / 2);
    }

    void open(std::string_view name, const xmlChar** attributes, htmlParserCtxtPtr parser) {
        if (++depth_ > deepest) stop(parser);
        hidden_ += is_one_of(hidden_names, name) ? 1U : 0U;
        preformatted_ += name == "pre" ? 1U : 0U;
        separate(name);
        if (marks_ != nullptr) marks_->open({name, attributes}, text_.utf8);
    }

    // There is more that nobody reads.
    void stop(htmlParserCtxtPtr parser) {
        text_.truncated = true;
        xmlStopParser(parser);
    }

    void close(std::string_view name) {
        depth_ -= depth_ > 0 ? 1U : 0U;
        hidden_ -= hidden_ > 0 && is_one_of(hidden_names, name) ? 1U : 0U;
        preformatted_ -= preformatted_ > 0 && name == "pre" ? 1U : 0U;
        if (name != "br") {
            separate(name);
        }
        if (marks_ != nullptr) marks_->close(text_.utf8);
    }

    void characters(std::string_view text) {
        if (hidden_ > 0) return;
        if (!condensed_.has_marks()) return add(text);
        while (!text.empty()) {
            const std::size_t mark = std::min(text.find(CondensedHtml::mark), text.size());
            add(text.substr(0, mark));
            text.remove_prefix(mark);
            add(condensed_.run(text));
            text.remove_prefix(std::min(CondensedHtml::mark_size, text.size()));
        }
    }

    HtmlText take() {
        end_line();
        return std::move(text_);
    }

  private:
    void add(std::string_view run) {
        while (!run.empty()) {
            if (is_blank(run.front())) {
                add_blank(run.front());
                run.remove_prefix(1);
                continue;
            }
            const std::size_t size = words_size(run);
            if (blank_ && !at_line_start()) text_.utf8 += ' ';
            blank_ = false;
            text_.utf8 += run.substr(0, size);
            run.remove_prefix(size);
        }
    }

    void add_blank(char c) {
        if (c == '\n' && preformatted_ > 0)
            end_line_always();
        else
            blank_ = true;
    }

    // Of the words at the start, with one space between each.
    static std::size_t words_size(std::string_view run) {
        std::size_t size = 1;
        while (size < run.size()) {
            if (const std::size_t plain = plain_words(run.substr(size)); plain > 0) {
                size += plain;
                continue;
            }
            const bool single = run[size] == ' ' && size + 1 < run.size() && !is_blank(run[size + 1]);
            if (is_blank(run[size]) && !single) break;
            ++size;
        }
        return size;
    }

    void separate(std::string_view name) {
        if (name == "br") {
            end_line_always();
        } else if (is_one_of(block_names, name)) {
            end_line();
        } else if (name == "td" || name == "th") {
            blank_ = true;
        }
    }

    bool at_line_start() const { return text_.utf8.empty() || text_.utf8.back() == '\n'; }

    void end_line() {
        if (!at_line_start()) {
            text_.utf8 += '\n';
        }
        blank_ = false;
    }

    void end_line_always() {
        text_.utf8 += '\n';
        blank_ = false;
    }

    const CondensedHtml& condensed_;
    HtmlText text_;
    HtmlMarks* marks_;
    std::size_t depth_ = 0;
    std::size_t hidden_ = 0;
    std::size_t preformatted_ = 0;
    bool blank_ = false;
};

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

// libxml2 hands back the parser; the reader hangs on its _private.
Reader& reader_of(void* parser) {
    return *static_cast<Reader*>(static_cast<htmlParserCtxtPtr>(parser)->_private);
}

// Follows everything that may bring a name.
void look_at_names(void* parser) {
    const auto reading = static_cast<htmlParserCtxtPtr>(parser);
    const std::size_t known = xmlDictGetUsage(reading->dict);
    if (known > name_bytes) return reader_of(parser).stop(reading);
    xmlDictSetLimit(reading->dict, known + new_name_bytes);
}

void on_start(void* parser, const xmlChar* name, const xmlChar** attributes) {
    reader_of(parser).open(view(name), attributes, static_cast<htmlParserCtxtPtr>(parser));
    look_at_names(parser);
}

void on_end(void* parser, const xmlChar* name) {
    reader_of(parser).close(view(name));
    look_at_names(parser);
}

void on_characters(void* parser, const xmlChar* text, int length) {
    reader_of(parser).characters(view(text).substr(0, static_cast<std::size_t>(length)));
    look_at_names(parser);
}

void on_instruction(void* parser, const xmlChar*, const xmlChar*) { look_at_names(parser); }
void on_error(void* parser, const char*, ...) { look_at_names(parser); }

struct FreeParser {
    void operator()(htmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};
using Parser = std::unique_ptr<htmlParserCtxt, FreeParser>;

Parser make_parser(std::string_view utf8, Reader& reader) {
    static std::once_flag once;
    std::call_once(once, xmlInitParser);
    Parser parser(htmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
    if (!parser) {
        return parser;
    }
    constexpr int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                            HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC;
    htmlCtxtUseOptions(parser.get(), options);
    xmlSwitchEncoding(parser.get(), XML_CHAR_ENCODING_UTF8);
    xmlDictSetLimit(parser->dict, new_name_bytes);
    *parser->sax = htmlSAXHandler{};
    parser->sax->startElement = on_start;
    parser->sax->endElement = on_end;
    parser->sax->characters = on_characters;
    parser->sax->ignorableWhitespace = on_characters;
    parser->sax->processingInstruction = on_instruction;
    parser->sax->error = on_error;
    parser->_private = &reader;
    return parser;
}

HtmlText read_html(std::string_view utf8, HtmlMarks* marks) {
    if (utf8.empty()) {
        return {};
    }
    const CondensedHtml condensed(utf8);
    Reader reader(condensed, utf8.size(), marks);
    if (const Parser parser = make_parser(condensed.html(), reader)) {
        htmlParseDocument(parser.get());
    }
    return reader.take();
}

}  // namespace

HtmlText html_text(std::string_view utf8) {
    HtmlText text = read_html(utf8, nullptr);
    text.utf8 = to_utf8("utf-8", std::move(text.utf8));
    return text;
}

HtmlText html_text(std::string_view utf8, std::vector<HtmlMark>& marks) {
    HtmlMarks found;
    HtmlText text = read_html(utf8, &found);
    marks = found.take(text.utf8);
    const std::size_t size = text.utf8.size();
    text.utf8 = to_utf8("utf-8", std::move(text.utf8));
    // Where bytes had to be mended, the places are wrong.
    if (text.utf8.size() != size) marks.clear();
    return text;
}

}  // namespace mailrota::mail
