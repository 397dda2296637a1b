#pragma once

#include <filesystem>

#include "tests/rig/certificates.h"
#include "tests/rig/dovecot.h"
#include "tests/rig/postfix.h"

namespace mailrota::rig {

/// What a provider's SMTP host looks like: a Postfix that takes mail only over TLS and after a login, which
/// Dovecot checks. Mail to example.com is delivered in it, mail to any other domain as `options` say.
///
/// As Postfix for errors and threads.
class SubmissionServer {
  public:
    static constexpr const char* user = "ann@example.com";
    static constexpr const char* password = "unused";  ///< as Dovecot gives it to all its users

    /// The listeners of `options` are not used.
    explicit SubmissionServer(PostfixOptions options = {});

    int starttls_port() const { return postfix_.port(0); }
    int tls_port() const { return postfix_.port(1); }  ///< TLS from the first byte
    /// Who has signed its certificate, which is for localhost and 127.0.0.1.
    std::filesystem::path authority() const { return certificates_.authority(); }
    Postfix& postfix() { return postfix_; }

  private:
    PostfixOptions with_logins(PostfixOptions options) const;

    Certificates certificates_;
    Dovecot dovecot_;
    Postfix postfix_;
};

}  // namespace mailrota::rig
