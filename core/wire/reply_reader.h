#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/wire/reply.h"

namespace mailrota::wire {

// Cuts what an SMTP or LMTP server says into replies (RFC 5321 section 4.2.1). Lines may end in LF alone and
// may lack the text; anything else that is no reply is a fault, after which nothing more is read. So are a
// reply over 64 KB or 1,000 lines and lines of one reply with different codes. Holds at most what was fed
// last and 64 KB.
class ReplyReader {
  public:
    void feed(std::string_view bytes);
    // The next whole reply, its lines joined by LF; the enhanced code stands apart where there is one.
    // Nothing: more bytes are needed, or there is a fault.
    std::optional<Reply> next();
    // Bytes are there that belong to no reply that next() gave.
    bool has_more() const { return start_ < buffer_.size() || reply_.code != 0; }
    // "no reply: \"HTTP/1.1 400\""; empty if there is none.
    const std::string& fault() const { return fault_; }

  private:
    std::optional<std::string_view> take_line();
    bool add(std::string_view line);
    void fail(std::string_view what, std::string_view line);

    std::string buffer_;
    std::size_t start_ = 0;    // of the first line that is not read
    std::size_t scanned_ = 0;  // no LF between start_ and here
    Reply reply_;              // the lines so far; code 0: none
    int lines_ = 0;
    std::string fault_;
};

}  // namespace mailrota::wire
