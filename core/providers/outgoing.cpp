#include "core/providers/outgoing.h"

#include <algorithm>
#include <array>

#include "core/mail/keys.h"

namespace mailrota::providers {
namespace {

constexpr std::string_view crlf = "\r\n";

// Our own trace also where a mail has it from another relay of ours.
constexpr std::array<std::string_view, 12> removed{
    "Bcc",    "Resent-Bcc", "X-MC-*", "X-Mailgun-*", "X-SES-*",    "X-SMTPAPI",
    "X-PM-*", "X-MSYS-API", "X-MJ-*", "X-Mailjet-*", "X-Mailin-*", "Resend-*",
};

// Appends `text` with CRLF for each LF that has no CR before it.
void append_crlf(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t lf = text.find('\n');
        if (lf == std::string_view::npos) {
            out += text;
            return;
        }
        const bool whole = lf > 0 && text[lf - 1] == '\r';
        out += text.substr(0, lf);
        out += whole ? "\n" : crlf;
        text.remove_prefix(lf + 1);
    }
}

bool ends_with_empty_line(std::string_view header) {
    return header == crlf || header == "\n" || header.ends_with("\n\r\n") || header.ends_with("\n\n");
}

// A lenient reader takes a lone CR for a line end, and what follows it for a field.
void blank_lone_returns(std::string& header) {
    for (std::size_t at = header.find('\r'); at != std::string::npos; at = header.find('\r', at + 1)) {
        if (at + 1 == header.size() || header[at + 1] != '\n') header[at] = ' ';
    }
}

}  // namespace

std::string relayed_bytes(const mail::Message& message) {
    std::string header = mail::edited_header(message, control_header_removals());
    blank_lone_returns(header);
    if (!header.empty() && !header.ends_with('\n')) header += crlf;
    if (!ends_with_empty_line(header)) header += crlf;
    const std::string_view body = message.body();
    std::string bytes;
    bytes.reserve(header.size() + header.size() / 16 + body.size() + body.size() / 16);
    append_crlf(bytes, header);
    append_crlf(bytes, body);
    return bytes;
}

const std::vector<mail::HeaderEdit>& control_header_removals() {
    static const std::vector<mail::HeaderEdit> edits = [] {
        std::vector<mail::HeaderEdit> list;
        for (const std::string_view name : removed) {
            list.push_back({mail::HeaderEdit::Kind::remove, std::string(name), ""});
        }
        list.push_back({mail::HeaderEdit::Kind::remove, std::string(mail::trace_header), ""});
        return list;
    }();
    return edits;
}

}  // namespace mailrota::providers
