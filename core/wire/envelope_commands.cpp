#include "core/wire/envelope_commands.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/wire/xtext.h"

namespace mailrota::wire {

namespace {

constexpr std::size_t longest_identity = 255;  // XFORWARD_README

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

bool begins_with(std::string_view text, std::string_view capitals) {
    return text.size() >= capitals.size() &&
           std::equal(capitals.begin(), capitals.end(), text.begin(),
                      [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); });
}

bool is_announced(std::string_view parameter, const ServerFeatures& features) {
    for (const std::string_view of_dsn : {"RET=", "ENVID=", "NOTIFY=", "ORCPT="})
        if (begins_with(parameter, of_dsn)) return features.dsn;
    // BINARYMIME would need BDAT, which we do not speak.
    if (begins_with(parameter, "BODY=")) return features.eight_bit && !begins_with(parameter, "BODY=BIN");
    return false;
}

void append_announced(std::string& out, const std::vector<std::string>& parameters,
                      const ServerFeatures& features) {
    for (const std::string& parameter : parameters) {
        const bool fits = !has_control(parameter) && parameter.find(' ') == std::string::npos &&
                          (features.smtputf8 || is_ascii(parameter));
        if (fits && is_announced(parameter, features)) (out += ' ') += parameter;
    }
}

bool says_smtputf8(const std::string& parameter) {
    return parameter.size() == 8 && begins_with(parameter, "SMTPUTF8");
}

bool asks_for_smtputf8(const OutgoingMail& mail) {
    const auto& parameters = mail.sender_parameters;
    return std::any_of(parameters.begin(), parameters.end(), says_smtputf8);
}

bool has_utf8_header(const OutgoingMail& mail) {
    for (const std::string_view piece : mail.content) {
        const auto end = piece.starts_with("\r\n") ? 0 : piece.find("\r\n\r\n");
        if (!is_ascii(piece.substr(0, end))) return true;
        if (end != std::string_view::npos) return false;
    }
    return false;
}

// Some clients ask for SMTPUTF8 wherever it is announced. What they then send in ASCII needs it no more than
// any other mail, and a server without it may have it (Postfix does the same).
bool needs_smtputf8(const OutgoingMail& mail) {
    return !is_ascii(mail.sender) || (asks_for_smtputf8(mail) && has_utf8_header(mail));
}

std::uint64_t size_of(const OutgoingMail& mail) {
    std::uint64_t size = 0;
    for (const std::string_view piece : mail.content) size += piece.size();
    return size;
}

}  // namespace

void append_mail(std::string& out, const OutgoingMail& mail, const ServerFeatures& features) {
    ((out += "MAIL FROM:<") += mail.sender) += '>';
    if (features.size) (out += " SIZE=") += std::to_string(size_of(mail));
    append_announced(out, mail.sender_parameters, features);
    const bool recipients_are_ascii =
        std::all_of(mail.recipients.begin(), mail.recipients.end(),
                    [](const OutgoingMail::Recipient& recipient) { return is_ascii(recipient.address); });
    const bool asks = asks_for_smtputf8(mail) || !is_ascii(mail.sender) || !recipients_are_ascii;
    if (features.smtputf8 && asks) out += " SMTPUTF8";
    out += "\r\n";
}

void append_recipient(std::string& out, const OutgoingMail::Recipient& recipient,
                      const ServerFeatures& features) {
    ((out += "RCPT TO:<") += recipient.address) += '>';
    append_announced(out, recipient.parameters, features);
    out += "\r\n";
}

void append_identity(std::string& out, const std::string& identity) {
    const std::string value = to_xtext(identity);
    out += "XFORWARD IDENT=";
    out += value.empty() || value.size() > longest_identity ? "[UNAVAILABLE]" : value;
    out += "\r\n";
}

std::optional<Reply> objection(const OutgoingMail& mail, const ServerFeatures& features) {
    if (has_control(mail.sender)) return Reply{553, "5.1.7", "sender with a control character"};
    if (needs_smtputf8(mail) && !features.smtputf8)
        return Reply{550, "5.6.7", "the next server does not support SMTPUTF8"};
    if (features.max_size != 0 && size_of(mail) > features.max_size)
        return Reply{
            552, "5.3.4",
            "message over the next server's limit of " + std::to_string(features.max_size) + " bytes"};
    return std::nullopt;
}

std::optional<Reply> objection(const OutgoingMail::Recipient& recipient, const ServerFeatures& features) {
    if (recipient.address.empty() || has_control(recipient.address))
        return Reply{553, "5.1.3", "recipient is empty or has a control character"};
    if (!is_ascii(recipient.address) && !features.smtputf8)
        return Reply{553, "5.6.7", "the next server does not support SMTPUTF8"};
    return std::nullopt;
}

}  // namespace mailrota::wire
