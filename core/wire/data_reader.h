#pragma once

#include <cstddef>
#include <string_view>

#include "core/wire/message_content.h"

namespace mailrota::wire {

// Reads what follows DATA: dots at the beginning of lines are unstuffed (RFC 5321 section 4.5.2), and
// CRLF.CRLF is the end, nothing else is. A CR or LF alone is content and makes the message faulty. However
// the bytes are cut, the result is the same.
class DataReader {
  public:
    // Takes from the front of `bytes` up to the end of the data; returns how many bytes that were. What
    // follows belongs to the next command.
    std::size_t take(std::string_view bytes, MessageContent& content);
    bool done() const { return state_ == State::done; }

  private:
    // The paths: line_start → inside → after_cr → line_start; line_start → dot → after_dot_cr → done, and
    // from dot and after_dot_cr back to `inside` if the line is not over.
    enum class State {
        line_start,    // nothing of this line has come
        inside,        // in the middle of a line
        after_cr,      // a CR has come that is not in the content yet
        dot,           // the line's first byte is a dot, which is not content
        after_dot_cr,  // that and a CR, not in the content yet
        done,
    };

    std::size_t step(std::string_view bytes, MessageContent& content);
    std::size_t take_lines(std::string_view bytes, MessageContent& content);

    State state_ = State::line_start;
};

}  // namespace mailrota::wire
