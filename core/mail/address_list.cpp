#include <gmime/gmime.h>

#include <algorithm>

#include "core/mail/encoded_words.h"
#include "core/mail/gmime_library.h"
#include "core/mail/header_text.h"
#include "core/mail/mailbox.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

// GMime opens a group within a group by recursion, without a limit; each takes a colon.
constexpr std::size_t most_colons = 500;
// GMime looks for the end of each entry that is no address again and again.
constexpr std::size_t most_commas = 1000;
constexpr std::size_t longest_list = std::size_t{64} << 10;

void cut_at(std::string& text, char separator, std::size_t most) {
    std::size_t count = 0;
    const auto end = std::ranges::find_if(text, [&](char c) { return c == separator && ++count > most; });
    text.erase(end, text.end());
}

// GMime forgets what it read of an address that an open comment follows. What closes nothing it skips.
void close_comments(std::string& text) {
    const auto opened = static_cast<std::size_t>(std::ranges::count(text, '('));
    if (opened > 0) {
        text += ' ';  // so that a backslash at the end quotes nothing of ours
        text.append(opened, ')');
    }
}

std::string name_of(InternetAddress* entry) {
    const char* name = internet_address_get_name(entry);
    return name == nullptr ? std::string() : decode_header(name);
}

void collect(InternetAddressList* list, std::vector<Mailbox>& out) {
    const int count = internet_address_list_length(list);
    for (int i = 0; i < count; ++i) {
        InternetAddress* entry = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(entry)) {
            collect(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(entry)), out);
        } else if (INTERNET_ADDRESS_IS_MAILBOX(entry)) {
            const char* text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(entry));
            if (auto address = parse_address(text == nullptr ? "" : text)) {
                out.push_back({name_of(entry), *std::move(address)});
            }
        }
    }
}

}  // namespace

std::vector<Mailbox> parse_mailbox_list(std::string_view value) {
    ensure_gmime();
    std::string text = join_base64_words(to_utf8("", unfold_header(value.substr(0, longest_list))));
    std::ranges::replace(text, '\0', ' ');
    cut_at(text, ':', most_colons);
    cut_at(text, ',', most_commas);
    close_comments(text);
    std::vector<Mailbox> out;
    const ObjectPtr<InternetAddressList> list(internet_address_list_parse(nullptr, text.c_str()));
    if (list) {
        collect(list.get(), out);
    }
    return out;
}

std::vector<Address> parse_address_list(std::string_view value) {
    std::vector<Mailbox> mailboxes = parse_mailbox_list(value);
    std::vector<Address> out;
    out.reserve(mailboxes.size());
    for (Mailbox& mailbox : mailboxes) {
        out.push_back(std::move(mailbox.address));
    }
    return out;
}

bool longer_than_read(std::string_view value) {
    return value.size() > longest_list || std::ranges::count(value, ',') > std::ptrdiff_t{most_commas} ||
           std::ranges::count(value, ':') > std::ptrdiff_t{most_colons};
}

}  // namespace mailrota::mail
