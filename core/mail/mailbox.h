#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/address.h"

namespace mailrota::mail {

// An address of a header with the name that people read beside it.
struct Mailbox {
    std::string name;  // decoded UTF-8 on one line; may be empty
    Address address;

    bool operator==(const Mailbox&) const = default;
};

// As parse_address_list(), with the names kept.
std::vector<Mailbox> parse_mailbox_list(std::string_view value);

// True if `value` is longer than parse_mailbox_list() reads, so that addresses may be left out.
bool longer_than_read(std::string_view value);

}  // namespace mailrota::mail
