#include "core/runtime/http_client.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <mutex>

#include "core/runtime/http_client_fixture.h"
#include "tests/rig/certificates.h"
#include "tests/rig/wait.h"

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;
using providers::HttpAnswer;
using providers::HttpRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

// A server that keeps what it got and answers 200.
struct Keeping {
    SeenRequest ask(HttpRequest request, HttpTerms terms = {}) {
        request.url = server.url("/path?key=value");
        EXPECT_EQ(text(asking.ask(std::move(request), std::move(terms))), "200 ok");
        const std::lock_guard lock(mutex);
        return seen;
    }

    std::mutex mutex;
    SeenRequest seen;
    Asking asking;  // ends before the server, which waits for its connections
    HttpServer server{[this](rig::Connection& connection, int) {
        while (auto request = read_request(connection)) {
            {
                const std::lock_guard lock(mutex);
                seen = std::move(*request);
            }
            answer(connection, "ok");
        }
    }};
    ~Keeping() { asking.client.close(); }
};

TEST(HttpClient, AsksAsItIsToldAndReadsTheAnswer) {
    Asking asking;
    const HttpServer server([](rig::Connection& connection, int) {
        const auto seen = read_request(connection);
        EXPECT_EQ(seen->line, "PUT /a?b=c HTTP/1.1");
        EXPECT_EQ(seen->header("X-One"), "1");
        EXPECT_THAT(seen->headers, testing::Contains("X-Empty:"));
        EXPECT_EQ(seen->header("User-Agent"), "mailrota/test");
        EXPECT_EQ(seen->header("Expect"), "");
        EXPECT_EQ(seen->body, std::string("a\0b", 3));
        connection.write("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n");
        answer(connection, "whole\n", "429 Slow down", "Retry-After:  7 \r\nX-Empty:\r\n");
    });
    HttpRequest request = post(server.url("/a?b=c"), std::string("a\0b", 3));
    request.method = "PUT";
    request.headers = {{"X-One", "1"}, {"X-Empty", ""}};
    const auto outcome = asking.ask(request);
    const auto& answer = std::get<HttpAnswer>(outcome);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.body, "whole\n");
    EXPECT_THAT(answer.headers,
                ElementsAre(Pair("Content-Length", "6"), Pair("Retry-After", "7"), Pair("X-Empty", "")));
    asking.client.close();
}

TEST(HttpClient, KeepsConnections) {
    Asking asking;
    const HttpServer server([](rig::Connection& connection, int) { echo(connection); });
    for (int count = 0; count < 5; ++count)
        EXPECT_EQ(text(asking.ask(post(server.url(), "mail " + std::to_string(count)))),
                  "200 mail " + std::to_string(count));
    EXPECT_EQ(server.connections(), 1);
    asking.client.close();
}

TEST(HttpClient, CarriesTwoThousandRequestsAtOnce) {
    constexpr int many = 2000;
    Asking asking;
    std::atomic<int> arrived = 0;
    const HttpServer server(
        [&](rig::Connection& connection, int) {
            const auto seen = read_request(connection);
            if (!seen) return;
            ++arrived;
            rig::wait_until([&] { return arrived == many; }, 60s);
            answer(connection, seen->body, "200 OK", "Connection: close\r\n");
        },
        4000);
    std::vector<Asking::Outcome> outcomes;
    for (int count = 0; count < many; ++count)
        outcomes.push_back(asking.begin(post(server.url(), std::to_string(count)), {.connect = 60s}));
    asking.run();
    for (int count = 0; count < many; ++count)
        ASSERT_EQ(text(**outcomes[static_cast<std::size_t>(count)]), "200 " + std::to_string(count));
    EXPECT_EQ(asking.client.in_flight(), 0U);
    asking.client.close();
}

TEST(HttpClient, SendsLargeBodiesAndForms) {
    Keeping keeping;
    const std::string large(3'000'000, 'x');
    EXPECT_EQ(keeping.ask(post("", large)).body, large);

    HttpRequest request;
    request.method = "POST";
    request.body = std::vector<HttpRequest::FormPart>{
        {"to", "a@example.com", "", ""},
        {"message", std::string("a\r\n\0b\r\n", 7) + large, "mail.eml", "message/rfc822"}};
    const SeenRequest seen = keeping.ask(request);
    const std::string type = seen.header("Content-Type");
    ASSERT_THAT(type, StartsWith("multipart/form-data; boundary="));
    const std::string boundary = "--" + type.substr(type.find('=') + 1);
    EXPECT_EQ(seen.body, boundary +
                             "\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\na@example.com\r\n" +
                             boundary +
                             "\r\nContent-Disposition: form-data; name=\"message\"; filename=\"mail.eml\"\r\n"
                             "Content-Type: message/rfc822\r\n\r\n" +
                             std::string("a\r\n\0b\r\n", 7) + large + "\r\n" + boundary + "--\r\n");
}

TEST(HttpClient, AuthorizesByPasswordOrSignature) {
    Keeping keeping;
    HttpRequest request = post("");
    EXPECT_EQ(keeping.ask(request).header("Authorization"), "");
    request.authorization = HttpRequest::Basic{"api", "key:with-colon"};
    EXPECT_EQ(keeping.ask(request).header("Authorization"), "Basic YXBpOmtleTp3aXRoLWNvbG9u");
    request.authorization = HttpRequest::SigV4{"eu-west-1", "ses", "AKID", "secret"};
    const SeenRequest seen = keeping.ask(request);
    EXPECT_THAT(seen.header("Authorization"),
                testing::MatchesRegex("AWS4-HMAC-SHA256 Credential=AKID/[0-9]+/eu-west-1/ses/aws4_request, "
                                      "SignedHeaders=content-type;host;x-amz-date, "
                                      "Signature=[0-9a-f]+"));
    EXPECT_THAT(seen.header("X-Amz-Date"), Not(IsEmpty()));
    const std::string large(2'000'000, 'x');
    request.body = large;
    EXPECT_EQ(keeping.ask(request).body, large);
}

TEST(HttpClient, FollowsNoRedirect) {
    Asking asking;
    const HttpServer server([](rig::Connection& connection, int) {
        while (read_request(connection)) answer(connection, "away", "302 Found", "Location: /other\r\n");
    });
    EXPECT_EQ(text(asking.ask(get(server.url()))), "302 away");
    EXPECT_EQ(text(asking.ask(post(server.url()))), "302 away");
    EXPECT_EQ(server.connections(), 1);
    asking.client.close();
}

TEST(HttpClient, GoesThroughAProxyOnlyIfItIsTold) {
    Keeping keeping;
    Asking asking;
    const HttpServer proxy([](rig::Connection& connection, int) {
        while (const auto seen = read_request(connection)) answer(connection, seen->line);
    });
    setenv("http_proxy", proxy.url().c_str(), 1);
    setenv("no_proxy", "*", 1);
    EXPECT_EQ(keeping.ask(post("")).line, "POST /path?key=value HTTP/1.1");
    EXPECT_EQ(text(asking.ask(get("http://provider.example.com/x"), {.proxy = proxy.url()})),
              "200 GET http://provider.example.com/x HTTP/1.1");
    unsetenv("http_proxy");
    unsetenv("no_proxy");
    asking.client.close();
}

TEST(HttpClient, VerifiesTheServersCertificate) {
    const rig::Certificates sound;
    const rig::Certificates of_another("DNS:another.example.com");
    Asking asking;
    std::atomic<const rig::Certificates*> shown = &sound;
    const HttpServer server([&](rig::Connection& connection, int) {
        const rig::Certificates& certificates = *shown;
        if (!connection.accept_tls(certificates.certificate(), certificates.key())) return;
        echo(connection);
    });
    HttpTerms terms;
    EXPECT_THAT(text(asking.ask(post(server.secure_url()), terms)),
                StartsWith("not arrived: TLS with localhost failed: "));
    terms.ca_file = sound.authority();
    for (int count = 0; count < 3; ++count)
        EXPECT_EQ(text(asking.ask(post(server.secure_url(), "mail"), terms)), "200 mail");
    EXPECT_EQ(server.connections(), 2);
    asking.client.close();

    Asking again;
    shown = &of_another;
    terms.ca_file = of_another.authority();
    EXPECT_THAT(text(again.ask(post(server.secure_url()), terms)),
                StartsWith("not arrived: TLS with localhost failed: "));
    again.client.close();
}

TEST(HttpClient, CarriesManyRequestsAtOnceOverTls) {
    constexpr int many = 100;
    const rig::Certificates certificates;
    Asking asking;
    const HttpServer server([&](rig::Connection& connection, int) {
        if (connection.accept_tls(certificates.certificate(), certificates.key())) echo(connection);
    });
    HttpTerms terms;
    terms.ca_file = certificates.authority();
    std::vector<Asking::Outcome> outcomes;
    for (int count = 0; count < many; ++count)
        outcomes.push_back(asking.begin(post(server.secure_url(), std::to_string(count)), terms));
    asking.run();
    for (int count = 0; count < many; ++count)
        ASSERT_EQ(text(**outcomes[static_cast<std::size_t>(count)]), "200 " + std::to_string(count));
    asking.client.close();
}

TEST(HttpClient, RefusesWhatWouldBreakARequest) {
    Asking asking;
    HttpRequest request = post("http://127.0.0.1:1/");
    request.headers = {{"X-Id", "a\r\nX-Other: b"}};
    EXPECT_EQ(text(asking.ask(request)),
              "not arrived: a header field holds a line break, or has no sound name");
    EXPECT_EQ(text(asking.ask(get("file:///etc/passwd"))), "not arrived: the URL cannot be used");
    EXPECT_EQ(text(asking.ask(get("ftp://localhost/"))), "not arrived: the URL cannot be used");
    EXPECT_EQ(text(asking.ask(get("http://"))), "not arrived: the URL cannot be used");
}

}  // namespace
}  // namespace mailrota::runtime
