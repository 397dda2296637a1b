#pragma once

#include <gmime/gmime.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/gmime_library.h"
#include "core/mail/message.h"

namespace mailrota::mail {

// The header of a message as GMime gets it: only what describes the body, each field on one line, of doubled
// fields the first.
std::string content_header(const std::vector<HeaderField>& headers);

// The parts of one message as GMime sees them. Reads header and body in place: both must outlive it. One
// thread at a time.
class MimeTree {
  public:
    // `header` ends with an empty line; it may be empty if `body` begins with a header of its own.
    MimeTree(std::string_view header, std::string_view body);
    MimeTree(const MimeTree&) = delete;
    MimeTree& operator=(const MimeTree&) = delete;

    // The outermost part; null if there is none.
    GMimeObject* root() const { return root_.get(); }

  private:
    GByteArray header_;  // GMime keeps the addresses of both
    GByteArray body_;
    ObjectPtr<GMimeObject> root_;
};

// "image/png", in small letters.
std::string content_type(GMimeObject* part);

// A parameter of Content-Type, decoded; empty if absent.
std::string type_parameter(GMimeObject* part, const char* name);

// The decoded file name on one line, UTF-8; empty if there is none.
std::string file_name(GMimePart* part);

// True if Content-Disposition says so.
bool is_attachment(GMimeObject* part);

// At most `limit` bytes of the decoded content; `more` becomes true if there are more.
std::string read_content(GMimePart* part, std::size_t limit, bool& more);

// The length of the decoded content.
std::uint64_t content_size(GMimePart* part);

}  // namespace mailrota::mail
