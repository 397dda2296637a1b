#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::runtime {

// What a client trusts: the certificates in the file (PEM), or the system's where it is empty. TLS 1.2 and
// later, the server's certificate is always verified. The error names the file.
Result<std::shared_ptr<SSL_CTX>> trust(const std::string& ca_file);

// The client's side of one TLS connection: bytes of the wire in and out, no socket. It is verified that the
// certificate is the host's (a name, or an address as a number) and comes from who is trusted.
//
// Begins with its construction: take_output() has the first bytes.
class TlsChannel {
  public:
    TlsChannel(const std::shared_ptr<SSL_CTX>& trusted, const std::string& host);
    TlsChannel(const TlsChannel&) = delete;

    // From the wire; what can be read of it now.
    std::string receive(std::string_view bytes);
    // To the peer; only when ready().
    void send(std::string_view plain);
    // For the wire.
    std::string take_output();

    bool ready() const;                    // the handshake is done, the peer is who it should be
    bool ended() const { return ended_; }  // the peer sends nothing more
    const std::string& fault() const { return fault_; }  // then it is of no more use; else empty

  private:
    struct Free {
        void operator()(SSL* session) const { SSL_free(session); }
    };

    void go_on();
    void note(int result, std::string_view when);

    std::unique_ptr<SSL, Free> session_;
    bool ended_ = false;
    std::string fault_;
};

}  // namespace mailrota::runtime
