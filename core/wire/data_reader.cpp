#include "core/wire/data_reader.h"

namespace mailrota::wire {

std::size_t DataReader::take(std::string_view bytes, MessageContent& content) {
    std::size_t taken = 0;
    while (taken < bytes.size() && state_ != State::done) taken += step(bytes.substr(taken), content);
    return taken;
}

// One change of state; the bytes that it used up, which may be none.
std::size_t DataReader::step(std::string_view bytes, MessageContent& content) {
    const char next = bytes.front();
    switch (state_) {
        case State::line_start:
            state_ = next == '.' ? State::dot : State::inside;
            return next == '.' ? 1 : 0;
        case State::inside:
            return take_lines(bytes, content);
        case State::after_cr:
            state_ = next == '\n' ? State::line_start : State::inside;
            content.append(next == '\n' ? "\r\n" : "\r");
            if (next == '\n') return 1;
            content.found_bare_line_end();
            return 0;
        case State::dot:
            state_ = next == '\r' ? State::after_dot_cr : State::inside;
            return next == '\r' ? 1 : 0;
        case State::after_dot_cr:
            state_ = next == '\n' ? State::done : State::inside;
            if (next == '\n') return 1;
            content.append("\r");
            content.found_bare_line_end();
            return 0;
        case State::done:
            break;
    }
    return 0;
}

// The fast path: takes the rest of a line and as many lines as need no second look, in one piece.
std::size_t DataReader::take_lines(std::string_view bytes, MessageContent& content) {
    std::size_t end = 0;
    while (state_ == State::inside && end < bytes.size()) {
        const std::string_view rest = bytes.substr(end);
        const std::size_t cr = rest.find('\r');
        if (rest.substr(0, cr).find('\n') != std::string_view::npos) content.found_bare_line_end();
        if (cr == std::string_view::npos) {
            end = bytes.size();
        } else if (rest.substr(cr + 1).starts_with('\n')) {
            end += cr + 2;
            if (end == bytes.size() || bytes[end] == '.') state_ = State::line_start;
        } else {
            end += cr;
            state_ = State::after_cr;
        }
    }
    content.append(bytes.substr(0, end));
    return end + (state_ == State::after_cr ? 1 : 0);
}

}  // namespace mailrota::wire
