#include "core/mail/offer.h"

#include <array>
#include <span>

#include "core/mail/digest.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t key_bytes = 16;

std::string hex_of(std::span<const std::string_view> fields) {
    const Digest digest = digest_of(fields);
    return to_hex(std::span(digest).first(key_bytes));
}

}  // namespace

std::string mail_id(const Address& sender, std::string_view bytes) {
    return hex_of(std::array<std::string_view, 3>{"mailrota offered mail", sender.text(), bytes});
}

std::string offer_key(std::string_view mail_id, const Address& recipient) {
    return hex_of(std::array<std::string_view, 3>{"mailrota offered recipient", mail_id, recipient.key()});
}

}  // namespace mailrota::mail
