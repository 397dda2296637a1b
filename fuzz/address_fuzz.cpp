// Any bytes are an envelope address; what parse_address accepts is one and means the same to us and to an
// MTA.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/mail/address.h"
#include "core/mail/text_encoding.h"

namespace {

using namespace mailrota::mail;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_envelope(std::string_view text) {
    const Address address = Address::from_envelope(text);
    require(address.raw() == text);
    require(address.null() == address.text().empty());
    require(address.local().size() + address.domain().size() <= address.text().size());
    std::string loud(text);
    std::ranges::transform(loud, loud.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    require(Address::from_envelope(loud) == address);
}

void check_written(const Address& address) {
    require(is_utf8(address.text()) && address.text().size() <= 254);
    require(address.text().find_first_of(std::string("\r\n\0", 3)) == std::string::npos);
    require(!address.local().empty() && !address.domain().empty());
    require(Address::from_envelope("<" + address.text() + ">") == address);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_envelope(text);
    if (const auto address = parse_address(text)) {
        check_written(*address);
    } else {
        require(!address.error().text.empty() && address.error().text.find('\n') == std::string::npos);
    }
    for (const Address& address : parse_address_list(text)) {
        check_written(address);
    }
    return 0;
}
