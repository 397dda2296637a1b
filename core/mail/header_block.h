#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mailrota::mail {

// A header field where it stands in a message.
struct RawField {
    std::string_view bytes;  // all of it, its line end included
    std::string_view name;
    std::string_view value;  // after the colon and one blank, folded lines still folded
};

// Walks over the fields of a whole message. Lines end in LF or CRLF. The header ends at the first empty line,
// which belongs to neither, or at the first line that is no field, where the body begins. Keeps nothing; the
// bytes must outlive it.
class HeaderReader {
  public:
    explicit HeaderReader(std::string_view bytes) : bytes_(bytes) {}

    // The next field; nothing at the end of the header.
    std::optional<RawField> next();
    // Where the field that next() gave last ends: after the last one, where the empty line or the body
    // begins.
    std::size_t position() const { return at_; }
    // Where the body begins; only once next() has given nothing.
    std::size_t body() const { return body_; }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::size_t body_ = 0;
};

}  // namespace mailrota::mail
