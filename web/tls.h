#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "core/config/config.h"
#include "core/mail/result.h"

namespace mailrota::web {

// A server's context for TLS 1.2 and later from certificate chain and key; the error names the file.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls(const config::TlsSettings& settings);

}  // namespace mailrota::web
