#pragma once

#include <cstddef>
#include <string_view>

namespace mailrota::wire {

// Finds the command lines of a client. A line ends in CRLF and in nothing else. It has at most 512 bytes with
// its CRLF (4,096 for MAIL, RCPT and XFORWARD; 12,288 for AUTH and the lines of its dialogue); of a longer
// one no more than that is ever kept. However the bytes are cut, the result is the same.
class CommandReader {
  public:
    enum class Found {
        nothing,   // the line is not complete
        line,      // `text` is it, without CRLF
        too_long,  // it is over now
        unclean,   // it has a NUL, or a CR or LF of its own; it is over now
    };
    struct Outcome {
        Found found = Found::nothing;
        std::string_view text;     // into what was given
        std::size_t consumed = 0;  // these bytes need not be given again
    };

    // `unread` begins where the last call's `consumed` ended, and grows at its end only. `in_login`: the line
    // is one of the AUTH dialogue.
    Outcome read(std::string_view unread, bool in_login);
    // Begins anew, after bytes that were no commands.
    void reset() { *this = CommandReader(); }

  private:
    Outcome swallow(std::string_view unread);

    std::size_t scanned_ = 0;  // so many bytes of the line hold no CRLF
    bool swallowing_ = false;  // the rest of a line that was too long
};

}  // namespace mailrota::wire
