#include "core/mail/parts.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "core/mail/dsn_text.h"
#include "core/mail/header_text.h"
#include "core/mail/parts_body.h"
#include "core/mail/parts_losses.h"

namespace mailrota::mail {
namespace {

// RFC 5322 section 3.6 and RFC 2045; in small letters.
constexpr std::array<std::string_view, 12> singles{
    "from",    "sender",      "reply-to",   "to",   "cc",  "message-id",
    "subject", "in-reply-to", "references", "date", "bcc", "content-id",
};
// Told by other members of Parts, or meant for nobody.
constexpr std::array<std::string_view, 10> told{
    "from", "reply-to",   "to",           "cc",           "subject",
    "bcc",  "resent-bcc", "mime-version", "content-type", "content-transfer-encoding",
};

bool among(std::span<const std::string_view> names, std::string_view small) {
    return std::ranges::find(names, small) != names.end();
}

std::string small_letters(std::string_view name) {
    std::string out(name);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

// Every address of every field of that name.
std::vector<Mailbox> mailboxes(Parts& parts, const std::vector<HeaderField>& headers, std::string_view name,
                               bool first_only) {
    std::vector<Mailbox> all;
    std::size_t fields = 0;
    for (const HeaderField& field : headers) {
        if (!same_name(field.name, name) || (first_only && fields > 0) || ++fields > 10) continue;
        if (longer_than_read(field.value)) lose_detail(parts, "a very long " + std::string(name));
        std::vector<Mailbox> some = parse_mailbox_list(field.value);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

void take_fields(Parts& parts, const std::vector<HeaderField>& headers) {
    std::set<std::string> seen;
    for (const HeaderField& field : headers) {
        const std::string name = small_letters(field.name);
        const bool repeated = among(singles, name) && !seen.insert(name).second;
        if (repeated) lose_detail(parts, "a second " + field.name + " field");
        if (repeated || among(told, name) || name == "content-disposition") continue;
        const std::string value = unfold_header(field.value);
        parts.fields.push_back({field.name, one_line(value, 3 * value.size())});
    }
}

void take_header(Parts& parts, const Message& message) {
    constexpr std::size_t most_fields = 10'000;  // Message::headers() shows no more
    constexpr std::size_t most_bytes = std::size_t{1} << 20;
    const std::vector<HeaderField>& headers = message.headers();
    const bool whole = message.bytes().size() > message.body().size();
    const bool cut = whole && message.bytes().size() - message.body().size() > most_bytes;
    if (cut || headers.size() >= most_fields)
        lose_shape(parts, "a header of more than a megabyte or 10,000 fields");
    parts.from = mailboxes(parts, headers, "From", true);
    parts.reply_to = mailboxes(parts, headers, "Reply-To", true);
    parts.to = mailboxes(parts, headers, "To", false);
    parts.cc = mailboxes(parts, headers, "Cc", false);
    parts.subject = message.subject();
    take_fields(parts, headers);
}

}  // namespace

Parts take_apart(const Message& message) {
    Parts parts;
    take_header(parts, message);
    take_body(parts, message);
    return parts;
}

}  // namespace mailrota::mail
