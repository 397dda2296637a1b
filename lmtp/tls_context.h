#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "core/config/config.h"
#include "core/mail/result.h"

namespace mailrota::lmtp {

// Certificate and key of a listener, loaded. Sessions that began with it keep it; after a renewal there is a
// new one.
struct TlsContext {
    boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
};

// TLS 1.2 and later, with the ciphers of the system's OpenSSL. The error (`invalid`) names the file.
Result<std::shared_ptr<TlsContext>> load_tls(const config::TlsSettings& settings);

}  // namespace mailrota::lmtp
