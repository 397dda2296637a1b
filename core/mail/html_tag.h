#pragma once

#include <cstddef>
#include <string_view>

namespace mailrota::mail {

// One attribute of a tag as it is written, with the blanks before it.
struct HtmlTagAttribute {
    std::string_view whole;  // ` class="x"`
    std::string_view name;
    std::string_view value;  // without quotes; empty if there is none
};

// Reads a tag of HTML from its "<" on, if it has the plainest form: names of letters, digits and few signs,
// values in quotes or without any doubtful sign. References the text.
class HtmlTagReader {
  public:
    // `html` begins with "<".
    explicit HtmlTagReader(std::string_view html);

    // The name; empty if this is no plain tag.
    std::string_view name() const { return name_; }
    bool closes() const { return closes_; }
    // The next attribute; false if there is none.
    bool next(HtmlTagAttribute& attribute);
    // After the last attribute: what ends the tag, ">" or "/>"; empty if the tag is not of the plainest form.
    std::string_view end();
    // Bytes read so far.
    std::size_t position() const { return at_; }

  private:
    std::size_t skip_blanks(std::size_t at) const;
    std::size_t skip_name(std::size_t at) const;
    std::size_t skip_value(std::size_t at) const;
    char at(std::size_t place) const { return place < html_.size() ? html_[place] : '\0'; }

    std::string_view html_;
    std::string_view name_;
    std::size_t at_ = 1;
    bool closes_ = false;
};

}  // namespace mailrota::mail
