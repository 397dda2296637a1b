#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::mail {

class HtmlTagReader;

// An HTML document made short for the parser, which reads a mail's text and its styles letter by letter
// though nobody asks it what they say: each run of text is one character of Unicode's last private planes,
// and only attributes that HtmlMarks looks at are kept. What the parser makes of elements stays the same.
// Where the document is not of the plainest form (a tag whose end is in doubt, a comment that may be none),
// the rest is left as it is. References the document.
class CondensedHtml {
  public:
    // `html` is well-formed UTF-8.
    explicit CondensedHtml(std::string_view html);

    // What the parser gets.
    std::string_view html() const { return condensed_ ? std::string_view(short_) : whole_; }

    // False if html() is the document as it was, in which marks say nothing.
    bool has_marks() const { return condensed_; }
    // What stands for a run, and how many bytes it has.
    static constexpr char mark = '\xF3';  // its first byte, which then nothing else in html() has
    static constexpr std::size_t mark_size = 4;
    // The run for which the mark at the start of `text` stands; empty if there is none.
    std::string_view run(std::string_view text) const;

  private:
    bool condense();
    bool add_text(std::string_view text);
    bool add_reference(std::string_view& text);
    void add_run(std::string_view run);
    std::size_t add_tag(std::size_t at);
    std::size_t add_raw(std::size_t begin, std::string_view name);
    bool add_attributes(HtmlTagReader& tag);
    std::size_t add_declaration(std::size_t at);
    std::size_t add_verbatim(std::size_t begin, std::size_t end);

    std::string_view whole_;
    std::string short_;
    std::vector<std::string_view> runs_;
    bool condensed_ = false;
};

}  // namespace mailrota::mail
