#include "core/wire/reply_reader.h"

#include <algorithm>
#include <utility>

namespace mailrota::wire {

namespace {

constexpr std::size_t longest_reply = 65536;
constexpr int most_lines = 1000;
constexpr std::size_t longest_quote = 80;  // of a line in a fault

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A code from 200 to 599, then a blank, a hyphen or nothing.
bool is_reply_line(std::string_view line) {
    return line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) && is_digit(line[2]) &&
           (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

bool is_last_line(std::string_view line) { return line.size() == 3 || line[3] == ' '; }

}  // namespace

void ReplyReader::feed(std::string_view bytes) {
    if (!fault_.empty()) return;
    buffer_.erase(0, start_);
    scanned_ -= std::exchange(start_, 0);
    buffer_.append(bytes);
}

std::optional<Reply> ReplyReader::next() {
    while (const auto line = take_line()) {
        if (!add(*line)) return std::nullopt;
        if (!is_last_line(*line)) continue;
        lines_ = 0;
        return std::exchange(reply_, Reply());
    }
    return std::nullopt;
}

std::optional<std::string_view> ReplyReader::take_line() {
    if (!fault_.empty()) return std::nullopt;
    const auto end = buffer_.find('\n', scanned_);
    if (end == std::string::npos) {
        scanned_ = buffer_.size();
        const std::string_view rest = std::string_view(buffer_).substr(start_);
        // Garbage is told at once: it may have no line end.
        if (rest.size() >= 4 && !is_reply_line(rest.substr(0, 4)) && rest[3] != '\r') fail("no reply", rest);
        if (rest.size() + reply_.text.size() > longest_reply) fail("reply too long", rest);
        return std::nullopt;
    }
    std::string_view line = std::string_view(buffer_).substr(start_, end - start_);
    start_ = scanned_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// False: the line is a fault.
bool ReplyReader::add(std::string_view line) {
    if (!is_reply_line(line)) return fail("no reply", line), false;
    if (++lines_ > most_lines || reply_.text.size() + line.size() > longest_reply)
        return fail("reply too long", line), false;
    Reply read = *from_line(line);
    if (reply_.code == 0) {
        reply_ = std::move(read);
        return true;
    }
    if (read.code != reply_.code) return fail("reply with different codes", line), false;
    reply_.text += '\n';
    reply_.text +=
        read.enhanced == reply_.enhanced ? read.text : line.substr(std::min<std::size_t>(4, line.size()));
    return true;
}

void ReplyReader::fail(std::string_view what, std::string_view line) {
    fault_ = what;
    fault_ += ": \"";
    std::transform(line.begin(), line.begin() + std::min(line.size(), longest_quote),
                   std::back_inserter(fault_), [](char c) { return c >= 0x20 && c < 0x7f ? c : '?'; });
    fault_ += '"';
    buffer_.clear();
    start_ = scanned_ = 0;
}

}  // namespace mailrota::wire
