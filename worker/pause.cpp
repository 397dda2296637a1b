#include "worker/pause.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailrota::worker {

namespace asio = boost::asio;

asio::awaitable<void> pause(asio::steady_timer& timer, std::chrono::seconds time) {
    boost::system::error_code woken;
    timer.expires_after(time);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

}  // namespace mailrota::worker
