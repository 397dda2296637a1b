#include "core/mail/dsn.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/mail/address.h"
#include "core/mail/date_text.h"
#include "core/mail/dsn_text.h"
#include "core/mail/header_block.h"
#include "core/mail/header_text.h"

namespace mailrota::mail {
namespace {

using Action = DsnRecipient::Action;

constexpr std::size_t longest_header = std::size_t{64} << 10;
constexpr std::size_t longest_mail = std::size_t{256} << 10;

const char* name_of(Action action) {
    switch (action) {
        case Action::failed:
            return "failed";
        case Action::delayed:
            return "delayed";
        case Action::delivered:
            return "delivered";
        case Action::relayed:
            return "relayed";
        case Action::expanded:
            return "expanded";
    }
    return "failed";
}

bool any(const Dsn& dsn, Action action) {
    return std::ranges::any_of(dsn.recipients, [action](const auto& each) { return each.action == action; });
}

const char* subject(const Dsn& dsn) {
    if (any(dsn, Action::failed)) return "Undelivered mail returned to its sender";
    if (any(dsn, Action::delayed)) return "Delayed mail, still being tried";
    return "Successful mail delivery";
}

const char* opening(Action action) {
    switch (action) {
        case Action::failed:
            return "Your mail could not be delivered to\r\n";
        case Action::delayed:
            return "Your mail is delayed on its way to the following; it is still being tried, you need "
                   "not\r\n"
                   "send it again\r\n";
        case Action::delivered:
            return "Your mail was delivered to\r\n";
        case Action::relayed:
            return "Your mail was handed to a server that sends no reports of delivery, for\r\n";
        case Action::expanded:
            return "Your mail was sent on to the members of\r\n";
    }
    return "";
}

// What a person reads first.
std::string explanation(const Dsn& dsn) {
    std::string text = "This is mailrota at " + one_line(dsn.reporting_mta, longest_name) + ".\r\n";
    for (const Action action :
         {Action::failed, Action::delayed, Action::delivered, Action::relayed, Action::expanded}) {
        if (!any(dsn, action)) continue;
        text.append("\r\n").append(opening(action)).append("\r\n");
        for (const DsnRecipient& each : dsn.recipients) {
            if (each.action != action) continue;
            text += "    <" + one_line(each.final_recipient, longest_name) + ">";
            if (!each.diagnostic.empty()) text += ": " + one_line(each.diagnostic, longest_diagnostic);
            text += "\r\n";
        }
    }
    return text + "\r\nWhat follows is for programs" +
           (dsn.full_content ? ", and then the mail itself or its header.\r\n"
                             : ", and then the header of the mail.\r\n");
}

bool is_status(std::string_view text, Action action) {
    const char expected = action == Action::failed ? '5' : action == Action::delayed ? '4' : '2';
    const auto digits = [&text](std::size_t most) {
        const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(count);
        return count > 0 && count <= most;
    };
    const auto dot = [&text] {
        const bool is = text.starts_with('.');
        text.remove_prefix(is ? 1 : 0);
        return is;
    };
    return text.starts_with(expected) && digits(1) && dot() && digits(3) && dot() && digits(3) &&
           text.empty();
}

// "5.1.1", or the least that the action says.
std::string status_of(const DsnRecipient& recipient) {
    if (is_status(recipient.status, recipient.action)) return recipient.status;
    if (recipient.action == Action::failed) return "5.0.0";
    return recipient.action == Action::delayed ? "4.0.0" : "2.0.0";
}

bool is_host(std::string_view name) {
    return std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.' || c == '_' || c == ':' || c == '[' || c == ']';
    });
}

std::string status_fields(const DsnRecipient& recipient, std::chrono::sys_seconds now) {
    std::string fields;
    if (!recipient.original_recipient.empty())
        append_status(fields, "Original-Recipient", original_address(recipient.original_recipient));
    append_status(fields, "Final-Recipient", typed_address(recipient.final_recipient));
    append_status(fields, "Action", name_of(recipient.action));
    append_status(fields, "Status", status_of(recipient));
    if (!recipient.remote_mta.empty()) {
        const char* type = is_host(recipient.remote_mta) ? "dns; " : "x-mailrota; ";
        append_status(fields, "Remote-MTA", type + recipient.remote_mta);
    }
    if (!recipient.diagnostic.empty())
        append_status(fields, "Diagnostic-Code", "smtp; " + recipient.diagnostic);
    append_status(fields, "Last-Attempt-Date", date_text(now));
    return fields;
}

std::string delivery_status(const Dsn& dsn) {
    std::string fields;
    if (!dsn.envelope_id.empty()) append_status(fields, "Original-Envelope-Id", dsn.envelope_id);
    append_status(fields, "Reporting-MTA", "dns; " + dsn.reporting_mta);
    append_status(fields, "Arrival-Date", date_text(dsn.arrived));
    for (const DsnRecipient& each : dsn.recipients) fields += "\r\n" + status_fields(each, dsn.now);
    return fields;
}

// The mail's fields, whole ones only.
std::string_view cut_header(const Message& message) {
    HeaderReader reader(message.bytes().substr(0, message.bytes().size() - message.body().size()));
    std::size_t end = 0;
    while (reader.next() && reader.position() <= longest_header) end = reader.position();
    return message.bytes().substr(0, end);
}

struct Part {
    std::string type;
    std::string content;
};

Part returned_part(const Dsn& dsn, const Message& message) {
    const bool whole = dsn.full_content && message.bytes().size() <= longest_mail;
    if (whole) return {"message/rfc822", with_crlf(message.bytes())};
    return {"text/rfc822-headers", with_crlf(cut_header(message))};
}

// A boundary that no part has in it.
std::string boundary_for(const Dsn& dsn, std::span<const Part> parts) {
    const std::string stem = "=_" + token(dsn.id);
    std::string boundary = stem;
    const auto taken = [&boundary](const Part& part) {
        return part.content.find(boundary) != std::string::npos;
    };
    for (int number = 1; std::ranges::any_of(parts, taken); ++number)
        boundary = stem + "." + std::to_string(number);
    return boundary;
}

const char* encoding_of(std::string_view text) { return is_ascii(text) ? "7bit" : "8bit"; }

std::string header(const Dsn& dsn, const std::string& boundary, std::span<const Part> parts) {
    const std::string host = one_line(dsn.reporting_mta, longest_name);
    const bool ascii = std::ranges::all_of(parts, [](const Part& part) { return is_ascii(part.content); });
    return "From: Mail Delivery System <MAILER-DAEMON@" + host + ">\r\nTo: <" +
           one_line(dsn.to, longest_name) + ">\r\nSubject: " + subject(dsn) +
           "\r\nDate: " + date_text(dsn.now) + "\r\nMessage-ID: <" + token(dsn.id) + "@" + host +
           ">\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" +
           boundary + "\"\r\nContent-Transfer-Encoding: " + (ascii ? "7bit" : "8bit") + "\r\n\r\n";
}

}  // namespace

std::string to_message(const Dsn& dsn, const Message& returned) {
    const std::array parts{Part{"text/plain; charset=utf-8", explanation(dsn)},
                           Part{"message/delivery-status", delivery_status(dsn)},
                           returned_part(dsn, returned)};
    const std::string boundary = boundary_for(dsn, parts);
    std::string message = header(dsn, boundary, parts);
    for (const Part& part : parts) {
        message.append("--").append(boundary).append("\r\nContent-Type: ").append(part.type);
        message.append("\r\nContent-Transfer-Encoding: ").append(encoding_of(part.content));
        message.append("\r\n\r\n").append(part.content).append("\r\n");
    }
    return message.append("--").append(boundary).append("--\r\n");
}

bool may_be_notified(std::string_view sender) {
    const Address address = Address::from_envelope(sender);
    return !address.null() && !same_name(address.local(), "MAILER-DAEMON") && address.text() != "#@[]";
}

Notify parse_notify(std::optional<std::string_view> parameter) {
    Notify notify{.success = false, .failure = false, .delay = false};
    std::string_view list = parameter.value_or("");
    bool known = false;
    while (!list.empty()) {
        const std::string_view word = list.substr(0, list.find(','));
        list.remove_prefix(std::min(word.size() + 1, list.size()));
        notify.success = notify.success || same_name(word, "SUCCESS");
        notify.failure = notify.failure || same_name(word, "FAILURE");
        notify.delay = notify.delay || same_name(word, "DELAY");
        known = known || same_name(word, "NEVER");
    }
    known = known || notify.success || notify.failure || notify.delay;
    return known ? notify : Notify();
}

}  // namespace mailrota::mail
