#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <future>

#include "core/runtime/http_client.h"
#include "core/runtime/http_client_fixture.h"
#include "tests/rig/wait.h"

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

TEST(HttpClientFaults, NothingArrivedWhereNobodyListens) {
    Asking asking;
    const std::string gone = HttpServer([](rig::Connection&, int) {}).url();
    EXPECT_EQ(text(asking.ask(post(gone))),
              "not arrived: could not connect to 127.0.0.1: Connection refused");
    EXPECT_EQ(text(asking.ask(post("http://user:secret@nobody.invalid/?key=secret"))),
              "not arrived: could not find nobody.invalid");
}

TEST(HttpClientFaults, EachDeadlineEndsItsOwnKindOfWaiting) {
    Asking asking;
    const HttpServer mute([](rig::Connection& connection, int) { connection.wait_for_close(); });
    const HttpServer silent([](rig::Connection& connection, int) {
        read_request(connection);
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
        connection.wait_for_close();
    });
    const HttpServer drip([](rig::Connection& connection, int) {
        read_request(connection);
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        rig::wait_until([&] { return !connection.write("x"); });
    });
    const auto start = Clock::now();
    const std::string secure = "https://127.0.0.1:" + std::to_string(mute.port()) + "/";
    const auto connecting = asking.begin(post(secure), {.connect = 200ms});
    const auto half = asking.begin(post(silent.url()), {.silence = 300ms});
    const auto slow = asking.begin(post(drip.url()), {.silence = 300ms, .whole = 1s});
    asking.run();
    EXPECT_EQ(text(**connecting), "not arrived: could not connect to 127.0.0.1 in time");
    EXPECT_EQ(text(**half), "arrived? 127.0.0.1 was silent for too long");
    EXPECT_EQ(text(**slow), "arrived? no whole answer of 127.0.0.1 in time");
    EXPECT_GE(Clock::now() - start, 1s);
    EXPECT_LT(Clock::now() - start, 5s);
    asking.client.close();
}

TEST(HttpClientFaults, AnswersAreBounded) {
    Asking asking;
    const HttpServer large([](rig::Connection& connection, int) {
        read_request(connection);
        connection.write("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.write(std::string(10'000, 'x'))) continue;
    });
    const HttpServer long_header([](rig::Connection& connection, int) {
        read_request(connection);
        connection.write("HTTP/1.1 200 OK\r\n");
        while (connection.write("X-Long: " + std::string(1000, 'x') + "\r\n")) continue;
    });
    EXPECT_EQ(text(asking.ask(post(large.url()), {.max_answer = 100'000})),
              "arrived? the answer of 127.0.0.1 is larger than 100000 bytes");
    EXPECT_EQ(text(asking.ask(post(long_header.url()))),
              "arrived? the answer of 127.0.0.1 has a header over 64 KB");
}

TEST(HttpClientFaults, WhatIsNoAnswerIsUncertain) {
    for (const std::string said :
         {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "HTTP/1.1 2", ""}) {
        Asking asking;
        const HttpServer server([&](rig::Connection& connection, int) {
            read_request(connection);
            connection.write(said);
        });
        EXPECT_THAT(text(asking.ask(post(server.url()))), StartsWith("arrived? ")) << said;
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST(HttpClientFaults, AResetCountsFromTheFirstByteOfTheBodyOn) {
    Asking asking;
    const std::string large(20'000'000, 'x');
    const HttpServer in_the_middle([](rig::Connection& connection, int) {
        read_request(connection, false);
        connection.read(1);
        connection.reset();
    });
    EXPECT_THAT(text(asking.ask(post(in_the_middle.url(), large))), StartsWith("arrived? the call to 127"));
    const HttpServer at_the_end([](rig::Connection& connection, int) {
        read_request(connection);
        connection.reset();
    });
    EXPECT_THAT(text(asking.ask(post(at_the_end.url()))), StartsWith("arrived? the call to 127.0.0.1"));
}

// libcurl would send it again by itself.
TEST(HttpClientFaults, ABodyIsNotSentTwiceWhenAKeptConnectionEnds) {
    for (const bool form : {false, true}) {
        std::atomic<int> got = 0;
        Asking asking;
        const HttpServer server([&](rig::Connection& connection, int) {
            const auto first = read_request(connection);
            if (first && ++got == 1) answer(connection, "ok");
            if (read_request(connection)) ++got;  // and closes
        });
        auto request = post(server.url(), "mail");
        if (form) {
            request.headers.clear();
            request.body = std::vector<providers::HttpRequest::FormPart>{{"mail", "bytes", "", ""}};
        }
        EXPECT_EQ(text(asking.ask(request)), "200 ok");
        EXPECT_EQ(text(asking.ask(request)),
                  "arrived? 127.0.0.1 closed the kept connection before an answer");
        asking.client.close();
        EXPECT_EQ(got, 2) << form;
    }
}

TEST(HttpClientFaults, WhatDoesNoHarmIsAskedAgainWhenAKeptConnectionEnds) {
    Asking asking;
    const HttpServer server([&](rig::Connection& connection, int number) {
        read_request(connection);
        answer(connection, "from " + std::to_string(number));
        read_request(connection);
    });
    EXPECT_EQ(text(asking.ask(get(server.url()))), "200 from 0");
    EXPECT_EQ(text(asking.ask(get(server.url()))), "200 from 1");
    asking.client.close();
}

TEST(HttpClientFaults, AKeptConnectionThatIsGoneIsReplaced) {
    Asking asking;
    std::promise<void> closed;
    const HttpServer server([&](rig::Connection& connection, int number) {
        const auto seen = read_request(connection);
        answer(connection, seen->body + std::to_string(number));
        if (number > 0) return;
        connection.close();
        closed.set_value();
    });
    EXPECT_EQ(text(asking.ask(post(server.url(), "mail "))), "200 mail 0");
    closed.get_future().wait();
    EXPECT_EQ(text(asking.ask(post(server.url(), "mail "))), "200 mail 1");
    asking.client.close();
}

TEST(HttpClientFaults, ACancelledRequestIsTakenOffAtOnce) {
    Asking asking;
    std::promise<void> arrived;
    std::promise<void> closed;
    const HttpServer server([&](rig::Connection& connection, int) {
        read_request(connection);
        arrived.set_value();
        if (connection.wait_for_close()) closed.set_value();
    });
    boost::asio::cancellation_signal cancel;
    bool over = false;
    boost::asio::co_spawn(
        asking.context, asking.client.send(post(server.url()), {}),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](const std::exception_ptr&, const providers::HttpOutcome&) { over = true; }));
    auto seen = arrived.get_future();
    while (seen.wait_for(0s) != std::future_status::ready) asking.context.run_for(10ms);
    EXPECT_EQ(asking.client.in_flight(), 1U);
    cancel.emit(boost::asio::cancellation_type::terminal);
    while (!over) asking.context.run_one();
    EXPECT_EQ(asking.client.in_flight(), 0U);
    EXPECT_EQ(closed.get_future().wait_for(5s), std::future_status::ready);
}

TEST(HttpClientFaults, ClosingEndsWhatIsUnderWay) {
    Asking asking;
    std::promise<void> arrived;
    const HttpServer server([&](rig::Connection& connection, int) {
        read_request(connection);
        arrived.set_value();
        connection.wait_for_close();
    });
    const auto outcome = asking.begin(post(server.url()));
    auto seen = arrived.get_future();
    while (seen.wait_for(0s) != std::future_status::ready) asking.context.run_for(10ms);
    asking.client.close();
    asking.run();
    EXPECT_EQ(text(**outcome), "arrived? going down");
    EXPECT_EQ(text(asking.ask(post(server.url()))), "not arrived: going down");
}

}  // namespace
}  // namespace mailrota::runtime
