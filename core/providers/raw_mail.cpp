#include "core/providers/raw_mail.h"

#include <algorithm>

#include "core/mail/address.h"
#include "core/providers/base64.h"
#include "core/providers/raw_mail_entity.h"

namespace mailrota::providers {
namespace {

constexpr std::string_view dkim_header = "DKIM-Signature";

bool ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void encode(RawMail& raw, RawForm form) {
    EntityWriter writer(form);
    std::string header;
    std::string body;
    writer.message(raw.header, raw.message.body(), header, body);
    raw.encoded_anew = header != raw.header || body != raw.message.body();
    raw.unfit = writer.sealed_unfit() || !fits(header, form) || !fits(body, form);
    raw.header = std::move(header);
    raw.anew = std::move(body);
}

std::string escape(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 0xFU]};
}

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '\r')
            out.append("\\r");
        else if (c == '\n')
            out.append("\\n");
        else if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (static_cast<unsigned char>(c) < 0x20)
            out.append(escape(c));
        else
            out += c;
    }
}

}  // namespace

RawMail raw_mail(const mail::Message& message, const RawTerms& terms,
                 std::span<const mail::HeaderEdit> edits) {
    std::vector<mail::HeaderEdit> all(edits.begin(), edits.end());
    const mail::HeaderEdit no_dkim{mail::HeaderEdit::Kind::remove, std::string(dkim_header), {}};
    if (!terms.keeps_dkim) all.push_back(no_dkim);
    RawMail raw{message, mail::edited_header(message, all), {}};
    if (fits(raw.header, terms.form) && fits(message.body(), terms.form)) return raw;
    encode(raw, terms.form);
    if (!raw.encoded_anew || !terms.keeps_dkim) return raw;
    RawTerms without = terms;
    without.keeps_dkim = false;
    return raw_mail(message, without, edits);
}

std::vector<Loss> raw_losses(const mail::Message& message, const RawTerms& terms) {
    const RawMail raw = raw_mail(message, terms);
    std::vector<Loss> losses;
    if (raw.unfit)
        losses.push_back({Loss::Kind::shape, "8-bit bytes or long lines in it cannot be encoded anew"});
    const bool signs = !message.raw_header(dkim_header).empty();
    if (signs && raw.encoded_anew)
        losses.push_back({Loss::Kind::detail, "8-bit parts are encoded anew: the DKIM signature is removed"});
    else if (signs && !terms.keeps_dkim)
        losses.push_back({Loss::Kind::detail, "the DKIM signature is removed, as it would not fit"});
    return losses;
}

Result<void> check_raw(const Outgoing& mail, const RawTerms& terms) {
    if (mail.sender.empty()) return invalid("it cannot be told of the null sender");
    const auto from = mail::parse_address_list(mail.message.raw_header("From"));
    if (from.empty()) return invalid("the mail has no From");
    const auto plain = [](const mail::Address& address) { return ascii(address.text()); };
    if ((terms.ascii_from || terms.ascii_addresses) && !std::ranges::all_of(from, plain))
        return invalid("an internationalised address in From is not taken");
    if (terms.ascii_addresses && !std::ranges::all_of(mail.recipients, ascii))
        return invalid("an internationalised recipient is not taken");
    return {};
}

void append_json(std::string& out, const RawMail& raw) {
    out.reserve(out.size() + raw.size() + raw.size() / 16);
    append_escaped(out, raw.header);
    append_escaped(out, raw.body());
}

void append_json(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

void append_base64(std::string& out, const RawMail& raw) {
    constexpr std::size_t step = 48 * 1024;  // a multiple of three: no padding inside
    out.reserve(out.size() + raw.size() / 3 * 4 + 8);
    const std::string_view body = raw.body();
    const std::size_t borrowed = std::min(body.size(), (3 - raw.header.size() % 3) % 3);
    out.append(base64(raw.header + std::string(body.substr(0, borrowed))));
    for (std::size_t at = borrowed; at < body.size(); at += step) out.append(base64(body.substr(at, step)));
}

}  // namespace mailrota::providers
