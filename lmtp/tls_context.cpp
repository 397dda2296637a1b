#include "lmtp/tls_context.h"

namespace mailrota::lmtp {

Result<std::shared_ptr<TlsContext>> load_tls(const config::TlsSettings& settings) {
    using boost::asio::ssl::context;
    auto tls = std::make_shared<TlsContext>();
    boost::system::error_code failure;
    tls->context.set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 |
                                 context::no_tlsv1 | context::no_tlsv1_1 | context::no_compression,
                             failure);
    if (!failure) tls->context.use_certificate_chain_file(settings.certificate, failure);
    if (failure) return invalid(settings.certificate + ": " + failure.message());
    tls->context.use_private_key_file(settings.key, context::pem, failure);
    if (failure) return invalid(settings.key + ": " + failure.message());
    return tls;
}

}  // namespace mailrota::lmtp
