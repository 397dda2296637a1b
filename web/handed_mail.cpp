#include "web/handed_mail.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "core/mail/header_edit.h"

namespace mailrota::web {

namespace {

std::vector<mail::HeaderEdit> removals(const std::vector<std::string>& hide) {
    std::vector<mail::HeaderEdit> edits;
    for (const auto& name : hide) edits.push_back({mail::HeaderEdit::Kind::remove, name, ""});
    for (const char* name : {"Bcc", "Resent-Bcc"})
        edits.push_back({mail::HeaderEdit::Kind::remove, name, ""});
    return edits;
}

std::string base64(const unsigned char* bytes, std::size_t size) {
    std::string text((size + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
    text.pop_back();
    return text;
}

}  // namespace

HandedMail::HandedMail(std::string bytes, const std::vector<std::string>& hide)
    : message_(mail::Message::from_bytes(std::move(bytes))),
      header_(mail::edited_header(message_, removals(hide))) {}

std::string HandedMail::digest() const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestInit_ex(state.get(), EVP_sha256(), nullptr);
    for (const auto piece : pieces()) EVP_DigestUpdate(state.get(), piece.data(), piece.size());
    EVP_DigestFinal_ex(state.get(), digest.data(), &size);
    return "SHA-256=" + base64(digest.data(), size);
}

}  // namespace mailrota::web
