#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::mail {

// An envelope address (RFC 5321 section 4.1.2, RFC 6531) with the exact bytes that the MTA gave for it.
//
// MTAs hand addresses over in several forms: `<a@b>`, `a@b`, `"a b"@c`, `postmaster`, `<>` and nothing at
// all. Every one of them is an Address; which bytes came is kept, because an edit must name them exactly. A
// value: copyable, immutable, safe to share between threads.
class Address {
  public:
    // The null address.
    Address() = default;

    // Takes whatever an MTA gives; never fails. Angle brackets and white space around are not part of the
    // address; a source route (`<@relay:a@b>`) is dropped from text() and kept in raw().
    static Address from_envelope(std::string_view raw);

    // The bytes as received, brackets included.
    const std::string& raw() const { return raw_; }
    // Without brackets; empty for the null address.
    const std::string& text() const { return text_; }
    // What MTAs compare: ASCII letters folded to small ones, quotes around a plain local part dropped. Two
    // addresses are one recipient when their keys are equal. UTF-8 outside ASCII is compared byte by byte.
    const std::string& key() const { return key_; }
    // Parts of text(). The domain is empty for an unqualified address; the local part is as written, quotes
    // included.
    std::string_view local() const;
    std::string_view domain() const;
    bool null() const { return text_.empty(); }

    bool operator==(const Address& other) const { return key_ == other.key_; }

  private:
    friend Result<Address> parse_address(std::string_view text);

    std::string raw_;
    std::string text_;
    std::string key_;
};

// An address that a person wrote into a configuration: local@domain, no brackets, no control characters, no
// blanks outside quotes, no CR, LF or NUL, at most 254 bytes of ASCII or UTF-8. The error says what is wrong
// with it.
Result<Address> parse_address(std::string_view text);

// The addresses of a header such as From, To or Cc (RFC 5322 section 3.4), groups opened, names dropped, in
// order. What is not an address is left out; empty if there is none. `value` is raw: folded lines and encoded
// words are understood. What stands behind the first 64 KB, 1,000 commas or 500 colons is left out, so that a
// hostile list costs milliseconds.
std::vector<Address> parse_address_list(std::string_view value);

}  // namespace mailrota::mail
