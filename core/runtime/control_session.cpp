#include "core/runtime/control_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t longest_line = 4096;
constexpr std::chrono::seconds patience{5};

}  // namespace

ControlSession::ControlSession(Socket socket, Answer answer, std::function<void()> closed)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor(), patience),
      answer_(std::move(answer)),
      closed_(std::move(closed)) {}

ControlSession::~ControlSession() { closed_(); }

void ControlSession::start() {
    auto self = shared_from_this();
    deadline_.async_wait([self](error_code cancelled) {
        if (!cancelled) self->close();
    });
    asio::async_read_until(socket_, asio::dynamic_buffer(buffer_, longest_line), '\n',
                           [self](error_code failure, std::size_t length) {
                               if (failure) return self->close();
                               self->answer(length - 1);
                           });
}

void ControlSession::answer(std::size_t line_length) {
    buffer_.resize(line_length);
    if (buffer_.ends_with('\r')) buffer_.pop_back();
    buffer_ = answer_(buffer_);
    auto self = shared_from_this();
    asio::async_write(socket_, asio::buffer(buffer_), [self](error_code, std::size_t) { self->close(); });
}

void ControlSession::close() {
    deadline_.cancel();
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace mailrota::runtime
