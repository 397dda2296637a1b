#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "core/providers/dialect.h"
#include "core/runtime/carriers.h"

namespace mailrota::ctl {

// Asks a provider something harmless with its keys: over HTTP what its dialect knows; by SMTP it connects,
// does TLS and the login, and says QUIT. Always returns, at the latest after about the provider's `timeout`.
// The provider is one of the carriers.
boost::asio::awaitable<providers::Probe> probe(std::shared_ptr<const runtime::Carriers> carriers,
                                               std::string provider);

}  // namespace mailrota::ctl
