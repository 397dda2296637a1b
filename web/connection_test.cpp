#include "web/connection.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>

namespace mailrota::web {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::uint64_t most_of_a_body = 90'000;
constexpr std::uint64_t most_of_all = 100'000;

boost::asio::awaitable<Response> echo_size(Request request) {
    co_return text_response(200, std::to_string(request.body.size()));
}

// A page that takes large bodies of all its clients together, and one that turns everybody away.
class ConnectionTest : public testing::Test {
  protected:
    // A client beside its connection to the server, on the test's thread.
    class Peer {
      public:
        explicit Peer(ConnectionTest& test) : test_(test) {
            int ends[2] = {-1, -1};
            EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
            end_ = ends[0];
            Socket socket(test.context_, {AF_UNIX, 0}, ends[1]);
            connection_.emplace(test.site_, make_stream(std::move(socket), nullptr), Client());
            boost::asio::co_spawn(test.context_, connection_->run(), [this](const std::exception_ptr& fault) {
                EXPECT_FALSE(fault);
                over_ = true;
            });
        }
        ~Peer() {
            ::close(end_);
            while (!over_) test_.context_.run_one();
        }
        Peer(const Peer&) = delete;

        void send(const std::string& bytes) const {
            for (std::size_t sent = 0; sent < bytes.size();) {
                const auto room = ::send(end_, bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT);
                if (room > 0) sent += static_cast<std::size_t>(room);
                test_.context_.poll();
            }
        }
        // What the server says within a moment.
        std::string answer(std::chrono::milliseconds within = std::chrono::seconds(20)) const {
            std::string bytes(4096, '\0');
            const auto end = std::chrono::steady_clock::now() + within;
            while (std::chrono::steady_clock::now() < end) {
                const auto size = ::recv(end_, bytes.data(), bytes.size(), MSG_DONTWAIT);
                if (size >= 0) return bytes.substr(0, static_cast<std::size_t>(size));
                test_.context_.run_for(std::chrono::milliseconds(5));
            }
            return {};
        }
        std::string ask(const std::string& head, const std::string& body = {}) const {
            send("POST /" + head + "\r\n\r\n" + body);
            return answer();
        }

      private:
        ConnectionTest& test_;
        int end_ = -1;
        bool over_ = false;
        std::optional<Connection> connection_;
    };

    static Router router() {
        Router router;
        router.add({"POST", "/large", echo_size, most_of_a_body, false, nullptr,
                    std::make_shared<MemoryBudget>(most_of_all)});
        const auto nobody = [](const Request&) { return std::optional(error_response(401, "not you")); };
        router.add({"POST", "/closed", echo_size, most_of_a_body, false, nobody, nullptr});
        return router;
    }
    static std::string page(const std::string& name, std::size_t length) {
        return name + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length);
    }

    boost::asio::io_context context_{1};
    runtime::Log log_{{}};
    std::shared_ptr<Site> site_ = std::make_shared<Site>(
        log_, [] { return std::chrono::sys_seconds(); }, config::WebSettings{}, router());
};

TEST_F(ConnectionTest, LargeBodiesOfAllClientsShareTheMemoryOfTheirPage) {
    const std::string body(80'000, 'x');
    const Peer slow(*this);
    slow.send("POST /" + page("large", body.size()) + "\r\n\r\n" + body.substr(1));
    EXPECT_THAT(slow.answer(std::chrono::milliseconds(50)), IsEmpty());
    {
        const Peer other(*this);
        const auto refused = other.ask(page("large", body.size()));
        EXPECT_THAT(refused, StartsWith("HTTP/1.1 503 "));
        EXPECT_THAT(refused, HasSubstr("\r\nRetry-After: 30\r\n"));
    }
    EXPECT_THAT(Peer(*this).ask("large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked"),
                StartsWith("HTTP/1.1 503 "))
        << "it may become as large as any";
    EXPECT_THAT(Peer(*this).ask(page("large", 5), "hello"), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(Peer(*this).ask(page("large", most_of_a_body + 1)), StartsWith("HTTP/1.1 413 "));
    slow.send("x");
    EXPECT_THAT(slow.answer(), HasSubstr("80000"));
    EXPECT_THAT(Peer(*this).ask(page("large", body.size()), body), HasSubstr("80000"));
}

TEST_F(ConnectionTest, WhoIsTurnedAwayIsAnsweredBeforeHisBodyIsRead) {
    EXPECT_THAT(Peer(*this).ask(page("closed", 80'000)), StartsWith("HTTP/1.1 401 "));
}

}  // namespace
}  // namespace mailrota::web
