#include "core/wire/command_reader.h"

#include <algorithm>

#include "core/mail/header_text.h"

namespace mailrota::wire {

namespace {

std::size_t most_bytes(std::string_view line, bool in_login) {
    const auto begins_with = [line](std::string_view verb) {
        return mail::same_name(line.substr(0, verb.size()), verb);
    };
    if (in_login || begins_with("AUTH")) return 12'288;
    return begins_with("MAIL") || begins_with("RCPT") || begins_with("XFORWARD") ? 4096 : 512;
}

bool is_clean(std::string_view line) {
    constexpr auto none = std::string_view::npos;
    return line.find('\r') == none && line.find('\n') == none && line.find('\0') == none;
}

}  // namespace

CommandReader::Outcome CommandReader::read(std::string_view unread, bool in_login) {
    if (swallowing_) return swallow(unread);
    const std::size_t most = most_bytes(unread, in_login);
    const std::string_view head = unread.substr(0, most);
    const std::size_t end = head.find("\r\n", scanned_);
    if (end != std::string_view::npos) {
        scanned_ = 0;
        const std::string_view text = head.substr(0, end);
        return {is_clean(text) ? Found::line : Found::unclean, text, end + 2};
    }
    if (head.size() == most) {
        swallowing_ = true;
        return swallow(unread);
    }
    scanned_ = head.size() - (head.ends_with('\r') ? 1 : 0);
    return {};
}

CommandReader::Outcome CommandReader::swallow(std::string_view unread) {
    scanned_ = 0;
    const std::size_t end = unread.find("\r\n");
    if (end == std::string_view::npos)
        return {Found::nothing, {}, unread.size() - (unread.ends_with('\r') ? 1U : 0U)};
    swallowing_ = false;
    return {Found::too_long, {}, end + 2};
}

}  // namespace mailrota::wire
