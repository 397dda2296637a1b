#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace mailrota::worker {

// At most this long: whoever cancels the timer ends it.
boost::asio::awaitable<void> pause(boost::asio::steady_timer& timer, std::chrono::seconds time);

}  // namespace mailrota::worker
