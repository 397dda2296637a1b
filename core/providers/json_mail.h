#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/parts.h"
#include "core/mail/result.h"
#include "core/providers/outgoing.h"

// Mail for providers that take no raw mail: its pieces, shared among the fields of their JSON. Pure.
namespace mailrota::providers {

// How one provider's JSON takes mail.
struct JsonTerms {
    std::span<const std::string_view> refused;  // fields that it does not take, small letters; may end in '*'
    bool repeated_fields = false;               // takes several fields of one name
    bool type_parameters = true;                // "text/csv; charset=utf-8" for a file
    bool empty_files = true;
    bool plain_file_names = false;  // spoils names outside ASCII
};

struct JsonAddress {
    std::string name;  // may be empty
    std::string address;
    std::size_t recipient = 0;  // its place in Outgoing::recipients
};

// The envelope's recipients, each once (case-folded), and nobody else: those whom the header's To names,
// those whom its Cc names, all others. `to` is never empty: if nobody stands in To, the first of the others
// does.
struct JsonRecipients {
    std::vector<JsonAddress> to, cc, bcc;
    bool nobody_shown = false;  // the header names no recipient at all; `to` has the first blind one
    bool left_out = false;      // the header names people who are no recipients
};
JsonRecipients json_recipients(const Outgoing& mail);

struct JsonMail {
    JsonAddress from;
    std::vector<JsonAddress> reply_to;
    JsonRecipients recipients;
    std::string subject;
    std::optional<std::string> text, html;   // at least one, none empty
    std::vector<mail::HeaderField> headers;  // in order; values in ASCII on one line, none empty
    std::vector<mail::Parts::File> files;    // each with a name
    std::vector<Loss> losses;
};
// `invalid` if there is no From, the sender is null or an address is not ASCII.
Result<JsonMail> json_mail(const Outgoing& mail, const JsonTerms& terms);

// What a mail of json_mail() loses; its error as a loss of shape.
std::vector<Loss> json_losses(Result<JsonMail> mail);

// "Ann Example <ann@example.com>", the name quoted where it must be.
std::string address_text(const JsonAddress& address);
// Several, separated by ", ".
std::string address_texts(const std::vector<JsonAddress>& addresses);

// `request` as text with one more member `list`: an array of what `describe` makes of each file, its bytes
// added as base64 under `content`. Nothing is added if there are no files. The bytes are copied once only.
std::string json_with_files(const boost::json::object& request, std::string_view list,
                            std::string_view content, const std::vector<mail::Parts::File>& files,
                            const std::function<boost::json::object(const mail::Parts::File&)>& describe);

}  // namespace mailrota::providers
