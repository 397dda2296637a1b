#include "tests/rig/milter_message.h"

#include <algorithm>
#include <stdexcept>

namespace mailrota::rig {

namespace {

/// Cuts the NUL-terminated string at the front of `rest` off; all of it when there is no NUL.
std::string take_string(std::string_view& rest) {
    const auto end = rest.find('\0');
    std::string result(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return result;
}

std::uint32_t take_number(std::string_view& rest) {
    if (rest.size() < 4) throw std::runtime_error("a milter packet is too short");
    std::uint32_t result = 0;
    for (int byte = 0; byte < 4; ++byte)
        result = result << 8 | static_cast<unsigned char>(rest[static_cast<size_t>(byte)]);
    rest.remove_prefix(4);
    return result;
}

std::string with_crlf(std::string_view text) {
    std::string result;
    char before = '\0';
    for (const char byte : text) {
        if (byte == '\n' && before != '\r') result += '\r';
        result += byte;
        before = byte;
    }
    return result;
}

}  // namespace

MilterMessage MilterMessage::from_text(const MessageText& text, const std::vector<std::string>& recipients) {
    MilterMessage message;
    message.headers = text.headers();
    message.body = with_crlf(text.body);
    for (const auto& recipient : recipients) message.recipients.push_back({'<' + recipient + '>'});
    return message;
}

std::vector<std::string> MilterOutcome::final_recipients(const MilterMessage& message) const {
    std::vector<std::string> result;
    for (size_t i = 0; i < recipients.size(); ++i)
        if (recipients[i].goes_on() || recipients[i].kind == 'a')
            result.push_back(without_brackets(message.recipients.at(i).at(0)));
    for (const auto& edit : edits) {
        if (edit.kind == '+' || edit.kind == '2') result.push_back(without_brackets(edit.name));
        if (edit.kind == '-') std::erase(result, without_brackets(edit.name));
    }
    return result;
}

bool is_edit(std::string_view packet) {
    return !packet.empty() && std::string_view("+2-himbqe").find(packet[0]) != std::string_view::npos;
}

MilterEdit parse_edit(std::string_view packet) {
    if (!is_edit(packet)) throw std::runtime_error("not an edit: " + std::string(packet));
    MilterEdit edit{packet[0], "", "", 0};
    packet.remove_prefix(1);
    if (edit.kind == 'b') {
        edit.name = packet;
        return edit;
    }
    if (edit.kind == 'i' || edit.kind == 'm') edit.index = take_number(packet);
    edit.name = take_string(packet);
    edit.value = take_string(packet);
    return edit;
}

std::string without_brackets(std::string_view address) {
    if (address.size() >= 2 && address.front() == '<' && address.back() == '>')
        address = address.substr(1, address.size() - 2);
    return std::string(address);
}

}  // namespace mailrota::rig
