#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "core/runtime/control.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::local::stream_protocol;

constexpr std::chrono::seconds patience{10};
constexpr std::size_t longest_answer = std::size_t{16} << 20;

// One question on its way: writes the line, reads to the end.
struct Question {
    asio::io_context context{1};
    Protocol::socket socket{context};
    std::string line;
    std::string answer;
    error_code failure = asio::error::timed_out;  // unless something else comes of it

    void ask(const std::string& path) {
        socket.async_connect(Protocol::endpoint(path), [this](error_code failed) {
            if (failed) return finish(failed);
            asio::async_write(socket, asio::buffer(line), [this](error_code write_failed, std::size_t) {
                if (write_failed) return finish(write_failed);
                read();
            });
        });
        context.run_for(patience);
    }
    void read() {
        asio::async_read(socket, asio::dynamic_buffer(answer, longest_answer),
                         [this](error_code ended, std::size_t) {
                             finish(ended == asio::error::eof ? error_code() : ended);
                         });
    }
    void finish(error_code with) { failure = with; }
};

}  // namespace

Result<std::string> ask_control(const std::string& path, std::string_view command) {
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return unavailable(path + ": too long for a socket");
    Question question;
    question.line = std::string(command) + '\n';
    question.ask(path);
    if (question.failure) return unavailable(path + ": " + question.failure.message());
    constexpr std::string_view ok = "ok\n", error = "error: ";
    if (question.answer.starts_with(ok)) return question.answer.substr(ok.size());
    if (!question.answer.starts_with(error)) return unavailable(path + ": the answer broke off");
    std::string text = question.answer.substr(error.size());
    while (text.ends_with('\n')) text.pop_back();
    return invalid(std::move(text));
}

}  // namespace mailrota::runtime
