#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>

#include "core/config/config.h"

namespace mailrota::runtime {

// Connects a socket to the endpoint: a unix socket, or by TCP (TCP_NODELAY) to each address of the name in
// turn, each with its share of the time. Success: the socket is open and non-blocking. At `until` at the
// latest: timed_out. The socket must stay until then.
//
// A name that is still being looked up when time is over goes on so on Asio's thread, to nobody's use.
boost::asio::awaitable<boost::system::error_code> connect(
    boost::asio::generic::stream_protocol::socket* socket, config::Endpoint endpoint,
    std::chrono::steady_clock::time_point until);

}  // namespace mailrota::runtime
