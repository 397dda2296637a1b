#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/header_edit.h"
#include "core/mail/message.h"
#include "core/mail/result.h"
#include "core/providers/outgoing.h"
#include "core/providers/raw_mail_encoding.h"

namespace mailrota::providers {

// A whole mail as a raw transport takes it. A mail that fits keeps every byte but those of the header edits;
// of one that does not, the parts and fields that do not fit are encoded anew. A value; copies of `message`
// share its bytes.
struct RawMail {
    mail::Message message;            // what it was made of
    std::string header;               // with the empty line
    std::optional<std::string> anew;  // the body, where it is another than the message's
    bool encoded_anew = false;        // signatures over the body (DKIM) no longer fit
    bool unfit = false;               // something sealed or broken does not fit and was left as it is

    std::string_view body() const { return anew ? std::string_view(*anew) : message.body(); }
    std::size_t size() const { return header.size() + body().size(); }
};

// How one provider takes raw mail.
struct RawTerms {
    RawForm form = RawForm::bytes;
    bool keeps_dkim = false;       // else DKIM-Signature is removed, for it would no longer fit
    bool ascii_addresses = false;  // no internationalised addresses (RFC 6531), neither From nor recipients
    bool ascii_from = false;       // the same, of From only
};

// Removes DKIM-Signature too where it would not survive; `edits` come on top.
RawMail raw_mail(const mail::Message& message, const RawTerms& terms,
                 std::span<const mail::HeaderEdit> edits = {});
// What of the mail these terms do not carry.
std::vector<Loss> raw_losses(const mail::Message& message, const RawTerms& terms);
// Why the mail cannot be handed over at all: the null sender, no From, an address that is not ASCII.
Result<void> check_raw(const Outgoing& mail, const RawTerms& terms);

// Appends the mail as the inside of a JSON string. Bytes that are not UTF-8 stay as they are.
void append_json(std::string& out, const RawMail& raw);
// Appends `text` as a JSON string with its quotes.
void append_json(std::string& out, std::string_view text);
// Appends the mail in base64 without line breaks.
void append_base64(std::string& out, const RawMail& raw);

}  // namespace mailrota::providers
