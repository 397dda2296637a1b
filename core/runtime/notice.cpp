#include "core/runtime/notice.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/mail/envelope.h"

namespace mailrota::runtime {
namespace {

std::optional<std::string> parameter(const std::vector<std::string>& parameters, std::string_view name) {
    const mail::Recipient recipient{{}, parameters};
    const auto found = recipient.parameter(name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
}

bool is_full(std::string value) {
    std::ranges::transform(value, value.begin(), [](char c) { return static_cast<char>(c & ~0x20); });
    return value == "FULL";
}

}  // namespace

mail::Dsn notice_about(const Noticed& mail, std::chrono::sys_seconds now) {
    mail::Dsn dsn;
    dsn.to = mail.sender;
    dsn.reporting_mta = mail.hostname;
    dsn.envelope_id = from_xtext(parameter(mail.sender_parameters, "ENVID").value_or(""));
    dsn.full_content = is_full(parameter(mail.sender_parameters, "RET").value_or(""));
    dsn.arrived = mail.arrived;
    dsn.now = now;
    return dsn;
}

mail::DsnRecipient noticed(std::string address, const std::string& original,
                           const std::vector<std::string>& parameters, mail::DsnRecipient::Action action,
                           const wire::Reply& reply, std::string remote_mta) {
    mail::DsnRecipient told;
    told.final_recipient = std::move(address);
    told.original_recipient = parameter(parameters, "ORCPT").value_or("rfc822;" + to_xtext(original));
    told.action = action;
    told.status = reply.enhanced.empty() ? std::to_string(reply.code / 100) + ".0.0" : reply.enhanced;
    told.diagnostic = wire::to_line(reply);
    told.remote_mta = std::move(remote_mta);
    return told;
}

mail::Notify notify_of(const std::vector<std::string>& parameters) {
    const auto value = parameter(parameters, "NOTIFY");
    return mail::parse_notify(value ? std::optional<std::string_view>(*value) : std::nullopt);
}

std::string to_xtext(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string coded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > ' ' && byte < 0x7f && c != '+' && c != '=') {
            coded += c;
        } else {
            coded.append({'+', digits[byte >> 4], digits[byte & 15]});
        }
    }
    return coded;
}

std::string from_xtext(std::string_view coded) {
    std::string text;
    for (std::size_t at = 0; at < coded.size(); ++at) {
        unsigned int byte = 0;
        const std::string_view digits = coded.substr(at + 1 <= coded.size() ? at + 1 : at, 2);
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        const bool escape = coded[at] == '+' && digits.size() == 2 && fault == std::errc() &&
                            end == digits.data() + digits.size();
        text += escape ? static_cast<char>(byte) : coded[at];
        at += escape ? 2 : 0;
    }
    return text;
}

}  // namespace mailrota::runtime
