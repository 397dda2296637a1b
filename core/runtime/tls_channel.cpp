#include "core/runtime/tls_channel.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

namespace mailrota::runtime {

namespace {

std::string reason_of_the_library() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason ? reason : "the peer does not speak TLS as it should";
}

}  // namespace

Result<std::shared_ptr<SSL_CTX>> trust(const std::string& ca_file) {
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (!context) return unavailable("TLS is not there: " + reason_of_the_library());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
    ERR_clear_error();
    const bool loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                                        : SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) == 1;
    if (loaded) return context;
    const std::string name = ca_file.empty() ? "of the system" : "in " + ca_file;
    return unavailable("the certificates " + name + " cannot be read: " + reason_of_the_library());
}

TlsChannel::TlsChannel(const std::shared_ptr<SSL_CTX>& trusted, const std::string& host)
    : session_(SSL_new(trusted.get())) {
    SSL* session = session_.get();
    SSL_set_bio(session, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An address is no name: it is not sent, and stands elsewhere in a certificate.
    const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
    if (!is_address) {
        SSL_set1_host(session, host.c_str());
        SSL_set_tlsext_host_name(session, host.c_str());
    }
    SSL_set_connect_state(session);
    go_on();
}

bool TlsChannel::ready() const { return fault_.empty() && SSL_is_init_finished(session_.get()) == 1; }

void TlsChannel::go_on() {
    ERR_clear_error();
    note(SSL_do_handshake(session_.get()), "TLS handshake: ");
}

void TlsChannel::note(int result, std::string_view when) {
    const int what = SSL_get_error(session_.get(), result);
    if (result > 0 || what == SSL_ERROR_WANT_READ || what == SSL_ERROR_WANT_WRITE) return;
    if (what == SSL_ERROR_ZERO_RETURN) {
        ended_ = true;
        return;
    }
    const long verified = SSL_get_verify_result(session_.get());
    fault_ = when;
    fault_ += verified == X509_V_OK ? reason_of_the_library() : X509_verify_cert_error_string(verified);
}

std::string TlsChannel::receive(std::string_view bytes) {
    std::string plain;
    if (!fault_.empty()) return plain;
    BIO_write(SSL_get_rbio(session_.get()), bytes.data(), static_cast<int>(bytes.size()));
    if (!ready()) go_on();
    if (!ready()) return plain;
    std::array<char, 4096> piece;
    int count = 1;
    while (count > 0) {
        ERR_clear_error();
        count = SSL_read(session_.get(), piece.data(), static_cast<int>(piece.size()));
        if (count > 0) plain.append(piece.data(), static_cast<std::size_t>(count));
    }
    note(count, "TLS: ");
    return plain;
}

void TlsChannel::send(std::string_view plain) {
    if (plain.empty() || !ready()) return;
    ERR_clear_error();
    note(SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size())), "TLS: ");
}

std::string TlsChannel::take_output() {
    BIO* output = SSL_get_wbio(session_.get());
    std::string bytes(BIO_ctrl_pending(output), '\0');
    if (!bytes.empty()) BIO_read(output, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

}  // namespace mailrota::runtime
