#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "tests/fakes/encoding.h"

namespace mailrota::fakes {

/// A request that one of the fakes makes: of a webhook, or for a document.
struct Outgoing {
    std::string method = "POST";
    /// http://host:port/path, the host an IP address or localhost, or http+unix://%2Fpath%2Fof%2Fsocket/path.
    std::string url;
    Fields headers;  ///< "Host" replaces the URL's
    std::string body;
};

struct Incoming {
    int status = 0;     ///< 0: no answer came, `words` says why
    std::string words;  ///< the body, or what failed
    Fields headers;
};

/// Makes one request on a connection of its own; gives up after `seconds`. Bodies above 8 MB are a failure.
boost::asio::awaitable<Incoming> ask(Outgoing request, int seconds);

/// How requests are made; tests put their own in.
using Transport = std::function<boost::asio::awaitable<Incoming>(Outgoing request, int seconds)>;

}  // namespace mailrota::fakes
