#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mailrota::mail {

// A stretch of an HTML document's text inside, or behind, an element that says what it is.
struct HtmlMark {
    enum class Kind : std::uint8_t {
        history,     // only mail clients make it, around what somebody wrote before
        blockquote,  // anything may use it
        signature,
    };
    std::size_t begin = 0, end = 0;  // bytes of the text
    Kind kind{};
    std::string_view why;  // static

    bool operator==(const HtmlMark&) const = default;
};

// An element's name and its attributes as libxml2 hands them over: name, value, …, null.
struct HtmlElement {
    std::string_view name;
    const unsigned char** attributes = nullptr;

    // Empty if there is none; at most the first 4096 bytes.
    std::string_view attribute(std::string_view of) const;
};

// Finds the marks of a document while it is read. Told of each element in order; `position` is how many bytes
// of text there are by then.
class HtmlMarks {
  public:
    void open(const HtmlElement& element, std::string_view text);
    void close(std::string_view text);
    // All marks, by their beginning.
    std::vector<HtmlMark> take(std::string_view text);

  private:
    struct Open {
        HtmlMark mark;
        std::size_t scope = 0;      // it ends when fewer elements than this are open
        bool container = false;     // a Gmail quote, which may hold answers between its blockquotes
        bool wants_header = false;  // counts only if a header's label follows
    };
    void begin(HtmlMark::Kind kind, std::string_view why, std::size_t scope, std::string_view text,
               bool wants_header = false);
    void begin_following(std::string_view why, std::string_view text, bool wants_header = false);
    void open_blockquote(const HtmlElement& element, std::string_view text);
    void end(const Open& open, std::string_view text);
    bool begun_here(std::string_view text) const;

    std::vector<std::size_t> elements_;  // where the text of each open element begins
    std::vector<Open> open_;             // by scope, nearly
    std::vector<HtmlMark> marks_;
};

}  // namespace mailrota::mail
