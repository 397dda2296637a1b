#include "web/sns_caller.h"

#include <gmock/gmock.h>

#include <optional>

#include "core/runtime/http_client_fixture.h"

namespace mailrota::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

// A caller with the loop that it runs on.
struct Calling {
    Result<void> fetch(const std::string& url) {
        std::optional<Result<void>> fetched;
        boost::asio::co_spawn(context, sns.fetch(url, SnsCaller::terms_of({})),
                              [&](const std::exception_ptr& fault, Result<void> result) {
                                  EXPECT_FALSE(fault);
                                  fetched = std::move(result);
                              });
        context.restart();
        while (!fetched) context.run_one();
        return *fetched;
    }

    boost::asio::io_context context{1};
    SnsCaller sns{context.get_executor()};
};

TEST(SnsCaller, KeepsCertificatesThatItHasFetched) {
    Calling calling;
    const runtime::HttpServer server([](rig::Connection& connection, int) {
        const auto seen = runtime::read_request(connection);
        EXPECT_EQ(seen->line, "GET /a.pem HTTP/1.1");
        runtime::answer(connection, "a certificate", "200 OK", "Connection: close\r\n");
    });
    EXPECT_THAT(calling.sns.certificates(), IsEmpty());
    EXPECT_TRUE(calling.fetch(server.url("/a.pem")));
    EXPECT_THAT(calling.sns.certificates(), ElementsAre(Pair(server.url("/a.pem"), "a certificate")));
}

TEST(SnsCaller, KeepsNothingElse) {
    const std::string large(100'000, 'x');
    for (const auto& [status, body] : {std::pair<std::string, std::string>{"404 Not Found", "a certificate"},
                                       {"302 Found", ""},
                                       {"500 Oops", "a certificate"},
                                       {"200 OK", large}}) {
        Calling calling;
        const runtime::HttpServer server([&, status = status, body = body](rig::Connection& connection, int) {
            runtime::read_request(connection);
            runtime::answer(connection, body, status,
                            "Connection: close\r\nLocation: https://example.com/\r\n");
        });
        const auto fetched = calling.fetch(server.url("/a.pem"));
        ASSERT_FALSE(fetched) << status;
        EXPECT_EQ(fetched.error().kind, ErrorKind::unavailable);
        EXPECT_THAT(calling.sns.certificates(), IsEmpty());
    }
}

TEST(SnsCaller, ASilentHostIsNotWaitedForLongerThanSnsWaitsForUs) {
    const auto terms = SnsCaller::terms_of({});
    EXPECT_LT(terms.whole, std::chrono::seconds(15));
    EXPECT_LE(terms.silence, terms.whole);
}

}  // namespace
}  // namespace mailrota::web
