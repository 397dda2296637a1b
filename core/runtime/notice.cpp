#include "core/runtime/notice.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/mail/envelope.h"
#include "core/wire/xtext.h"

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
    const auto envelope_id = parameter(mail.sender_parameters, "ENVID").value_or("");
    dsn.envelope_id = wire::decode_xtext(envelope_id).value_or(envelope_id);
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
    told.original_recipient = parameter(parameters, "ORCPT").value_or("rfc822;" + wire::to_xtext(original));
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

}  // namespace mailrota::runtime
