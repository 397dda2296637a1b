#include "web/tls.h"

namespace mailrota::web {

namespace ssl = boost::asio::ssl;

Result<std::shared_ptr<ssl::context>> make_tls(const config::TlsSettings& settings) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    boost::system::error_code error;
    context->set_options(
        ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    context->use_certificate_chain_file(settings.certificate, error);
    if (error) return invalid("web.tls: the certificate " + settings.certificate + ": " + error.message());
    context->use_private_key_file(settings.key, ssl::context::pem, error);
    if (error) return invalid("web.tls: the key " + settings.key + ": " + error.message());
    return context;
}

}  // namespace mailrota::web
