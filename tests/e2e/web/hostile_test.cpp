#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "tests/e2e/web/spool.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using std::chrono::steady_clock;
using testing::AnyOf;
using testing::Eq;
using testing::HasSubstr;
using testing::Not;

constexpr auto wrong = "Bearer wrong";

int raw(const Spool& spool, std::string_view bytes) {
    auto connection = Connection::to(spool.unix_address());
    connection.write(bytes);
    return read_http_answer(connection).status;
}

TEST(HostileRequest, IsAnsweredByWhatIsWrongWithIt) {
    Spool spool;
    const std::string host = "Host: x\r\n";
    const std::string token = "Authorization: Bearer secret\r\n";
    const std::string post = "POST /boxes/web/lease HTTP/1.1\r\n" + host + token;
    struct Case {
        std::string what, bytes;
        int status;
    };
    for (const auto& [what, bytes, status] : {
             Case{"no HTTP", "hello\r\n\r\n", 400},
             Case{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n\r\n", 400},
             Case{"another version", "GET /healthz HTTP/2.0\r\n" + host + "\r\n", 505},
             Case{"no host", "GET /healthz HTTP/1.1\r\n\r\n", 400},
             Case{"two hosts", "GET /healthz HTTP/1.1\r\n" + host + host + "\r\n", 400},
             Case{"unknown path", "GET /nothing HTTP/1.1\r\n" + host + "\r\n", 404},
             Case{"path traversal", "GET /boxes/../../etc/passwd HTTP/1.1\r\n" + host + "\r\n", 400},
             Case{"encoded traversal", "GET /boxes/%2e%2e/lease HTTP/1.1\r\n" + host + "\r\n", 400},
             Case{"NUL", "GET /boxes/a%00 HTTP/1.1\r\n" + host + "\r\n", 400},
             Case{"wrong method", "DELETE /boxes/web HTTP/1.1\r\n" + host + "\r\n", 405},
             Case{"connect", "CONNECT other:25 HTTP/1.1\r\n" + host + "\r\n", 400},
             Case{"header too large",
                  "GET / HTTP/1.1\r\n" + host + "X: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
             Case{"many headers", "GET / HTTP/1.1\r\n" + std::string(40'000, 'x'), 431},
             Case{"body too large", post + "Content-Length: 1000001\r\n\r\n", 413},
             Case{"absurd length", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
             Case{"negative length", post + "Content-Length: -1\r\n\r\n", 400},
             Case{"body where none belongs",
                  "GET /healthz HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello", 413},
             Case{"chunk too large", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n", 413},
             Case{"bad chunk", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
             Case{"length and chunks",
                  post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
             Case{"chunks and length",
                  post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400},
             Case{"two lengths", post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n", 400},
             Case{"other encoding", post + "Transfer-Encoding: gzip\r\n\r\n", 501},
             Case{"blurred encoding", post + "Transfer-Encoding: chunked, identity\r\n\r\n", 501},
             Case{"bad JSON", post + "Content-Length: 1\r\n\r\n{", 400},
             Case{"wrong type", post + "Content-Length: 13\r\n\r\n{\"count\":\"x\"}", 400},
             Case{"deep JSON", post + "Content-Length: 50000\r\n\r\n" + std::string(50'000, '['), 400},
             Case{"chunks are fine", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200},
         })
        EXPECT_EQ(raw(spool, bytes), status) << what;
    EXPECT_EQ(spool.puller().get("/boxes/web").status, 200);
}

TEST(HostileRequest, PipelinedRequestsAreAnsweredInTheirOrder) {
    Spool spool;
    auto connection = Connection::to(spool.unix_address());
    const std::string get = " HTTP/1.1\r\nHost: x\r\n";
    connection.write("GET /healthz" + get + "\r\nGET /nothing" + get + "\r\nHEAD /healthz" + get +
                     "\r\nGET /healthz" + get + "Connection: close\r\n\r\nGET /healthz" + get + "\r\n");
    EXPECT_EQ(read_http_answer(connection).body, "ok\n");
    EXPECT_EQ(read_http_answer(connection).status, 404);
    EXPECT_EQ(read_http_answer(connection, true).header("content-length"), "3");
    EXPECT_EQ(read_http_answer(connection).header("connection"), "close");
    EXPECT_TRUE(connection.wait_for_close());
}

TEST(HostileRequest, ABodyThatNobodyReadIsNoRequest) {
    Spool spool;
    auto connection = Connection::to(spool.unix_address());
    const std::string hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    connection.write("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(hidden.size()) +
                     "\r\n\r\n" + hidden);
    EXPECT_EQ(read_http_answer(connection).status, 404);
    EXPECT_TRUE(connection.wait_for_close());
    EXPECT_EQ(spool.web().log().find("path=/healthz"), std::string::npos);
}

TEST(HostileRequest, WhoIsWrongLearnsNothing) {
    Spool spool;
    const auto answer = spool.stranger(wrong).get("/boxes/web");
    EXPECT_EQ(answer.status, 401);
    EXPECT_THAT(std::string(answer.header("www-authenticate")), HasSubstr("Bearer"));
    const auto other = spool.stranger(wrong).get("/boxes/nothing");
    EXPECT_EQ(other.status, 401);
    EXPECT_EQ(other.body, answer.body);
    EXPECT_EQ(spool.stranger().get("/boxes/web").status, 401);
    EXPECT_EQ(spool.stranger("Bearer secret").get("/boxes/nothing").status, 401);
    EXPECT_EQ(spool.stranger("Basic YW5uOndyb25n").post("/boxes/web/lease", "").status, 401);
    EXPECT_EQ(spool.stranger("Basic YW5uOnBhc3M6d29yZA==").get("/boxes/web").status, 200);
    EXPECT_THAT(spool.web().log(), HasSubstr("refused client=127.0.0.1 box=web"));
    EXPECT_THAT(spool.web().log(),
                Not(AnyOf(HasSubstr("secret"), HasSubstr("pass:word"), HasSubstr("YW5u"))));
}

TEST(HostileRequest, GuessingIsSlowAndHoldsUpNobodyElse) {
    Spool spool("", "max_connections = 20\n");
    std::vector<std::thread> guessers;
    std::atomic<int> refused = 0;
    const auto began = steady_clock::now();
    for (int i = 0; i < 8; ++i)
        guessers.emplace_back(
            [&] { refused += spool.stranger(wrong).get("/boxes/web").status == 401 ? 1 : 0; });
    auto puller = spool.puller();
    EXPECT_EQ(puller.get("/boxes/web").status, 200);
    EXPECT_LT(steady_clock::now() - began, std::chrono::milliseconds(900));
    for (auto& guesser : guessers) guesser.join();
    EXPECT_EQ(refused, 8);
    EXPECT_GE(steady_clock::now() - began, std::chrono::seconds(1));
}

TEST(HostileRequest, FromAWrongAddressIsForbidden) {
    Spool spool("allow = [\"192.0.2.0/24\"]\n");
    EXPECT_EQ(spool.stranger("Bearer secret").get("/boxes/web").status, 403);
    EXPECT_EQ(spool.stranger(wrong).get("/boxes/web").status, 401);
    auto puller = spool.puller();
    EXPECT_EQ(puller.get("/boxes/web").status, 200);
    EXPECT_EQ(puller.request("GET", "/boxes/web", "", {{"X-Forwarded-For", "192.0.2.7"}}).status, 200);
    EXPECT_EQ(
        puller.request("GET", "/boxes/web", "", {{"X-Forwarded-For", "192.0.2.7, 198.51.100.1"}}).status,
        403);
    auto liar = spool.stranger("Bearer secret");
    EXPECT_EQ(liar.request("GET", "/boxes/web", "", {{"X-Forwarded-For", "192.0.2.7"}}).status, 403);
}

TEST(HostileRequest, DrippingIsCutOffAndOthersAreServed) {
    Spool spool("", "timeout = \"1s\"\nidle = \"2s\"\n");
    auto header = Connection::to(spool.unix_address());
    auto body = Connection::to(spool.unix_address());
    auto silent = Connection::to(spool.unix_address());
    body.write(spool.puller().head("POST", "/boxes/web/lease", 1000));
    const auto began = steady_clock::now();
    bool cut = false;
    while (!cut && steady_clock::now() - began < std::chrono::seconds(10)) {
        const bool header_cut = !header.write("x");
        const bool body_cut = !body.write(" ");
        cut = header_cut && body_cut;
        EXPECT_EQ(spool.puller().get("/healthz").status, 200);
    }
    EXPECT_TRUE(cut);
    EXPECT_LT(steady_clock::now() - began, std::chrono::seconds(5));
    EXPECT_TRUE(silent.wait_for_close());
}

TEST(HostileRequest, AReaderThatStallsIsCutOffAndItsLeaseStays) {
    Spool spool("", "timeout = \"1s\"\n");
    spool.put("Subject: large\r\n\r\n" + [] {
        std::string lines;
        while (lines.size() < 20'000'000) lines += std::string(76, 'x') + "\r\n";
        return lines;
    }());
    auto puller = spool.puller();
    const auto batch = lease(puller);
    HttpClient stalled = spool.puller();
    stalled.connection().write(
        stalled.head("GET", "/boxes/web/messages/" + batch.mails.at(0).id + "?lease=" + batch.token, 0));
    EXPECT_TRUE(spool.web().wait_for_log("cut=yes"));
    EXPECT_EQ(fetch(puller, batch, batch.mails[0]).body.size(), batch.mails[0].size);
}

TEST(HostileRequest, TooManyConnectionsAreToldSo) {
    Spool spool("", "max_connections = 3\n");
    std::vector<Connection> open;
    for (int i = 0; i < 3; ++i) {
        open.push_back(Connection::to(spool.unix_address()));
        open.back().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(read_http_answer(open.back()).status, 200);
    }
    auto one_more = Connection::to(spool.unix_address());
    EXPECT_EQ(read_http_answer(one_more).status, 503);
    EXPECT_TRUE(one_more.wait_for_close());
    open.clear();
    EXPECT_TRUE(wait_until([&] { return spool.puller().get("/healthz").status == 200; }));
}

}  // namespace
}  // namespace mailrota::rig
