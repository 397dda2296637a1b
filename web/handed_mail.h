#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"

namespace mailrota::web {

// A mail as a puller gets it: header fields that tell its origin are gone, and so are Bcc and Resent-Bcc;
// every other byte is as it came. Pure.
class HandedMail {
  public:
    // `hide` as in BoxSettings: names, '*' at the end.
    HandedMail(std::string bytes, const std::vector<std::string>& hide);

    // Header and body, one after the other; they live as long as this, which does not move.
    std::vector<std::string_view> pieces() const { return {header_, message_.body()}; }
    std::uint64_t size() const { return header_.size() + message_.body().size(); }
    std::string whole() const { return header_ + std::string(message_.body()); }
    // The mail as it came.
    const mail::Message& message() const { return message_; }
    // "SHA-256=…" of the pieces: the value of the field Digest (RFC 3230).
    std::string digest() const;

  private:
    mail::Message message_;
    std::string header_;
};

}  // namespace mailrota::web
