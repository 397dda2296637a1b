#include <thread>

#include "tests/e2e/relay/scene.h"
#include "tests/rig/wait.h"

// What hostile or broken peers send: answers of providers, and webhooks of whomever.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::AnyOf;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::size_t megabyte = 1'000'000;

class RelayBadInput : public RelayTest {
  protected:
    std::string stored() { return scene_now().sql("SELECT count(*) FROM event"); }

    /// Basic authentication as postmark's webhooks bring it.
    static std::string password() {
        const auto posts = fakes().emit({.provider = "postmark", .events = {{.type = "delivered"}}});
        return posts.at(0).headers.at("Authorization");
    }

    /// Sends a request of `size` bytes to a hook, as long as the server takes it; the answer's status.
    int send_much(std::string_view path, std::size_t size, bool chunked) {
        auto client = scene_now().hook_client();
        auto& connection = client.connection();
        std::string head = "POST " + std::string(path) +
                           " HTTP/1.1\r\nHost: x\r\nAuthorization: " + password() +
                           "\r\nContent-Type: application/json\r\n";
        head += chunked ? "Transfer-Encoding: chunked\r\n\r\n"
                        : "Content-Length: " + std::to_string(size) + "\r\n\r\n";
        connection.write(head);
        const std::string some(64 * 1024, '[');
        const std::string piece = chunked ? "10000\r\n" + some + "\r\n" : some;
        for (std::size_t sent = 0; sent < size; sent += some.size())
            if (!connection.write(piece)) break;
        return rig::read_http_answer(connection).status;
    }
};

TEST_F(RelayBadInput, AnAnswerOfAHundredMegabytesIsNotRead) {
    auto& host = scene({.providers = {"sendgrid"}, .no_quarantine = true});
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("250"));
    const auto before = peak_memory(host.lmtp().pid());
    for (const int status : {202, 500}) {
        fakes().fail({.fault = "megabytes",
                      .provider = "sendgrid",
                      .times = 1,
                      .status = status,
                      .size = 100 * megabyte});
        EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("451 4.4.2 ")) << status;
    }
    EXPECT_LT(peak_memory(host.lmtp().pid()) - before, 16 * megabyte);
    EXPECT_THAT(host.send_one(fresh_mail()), StartsWith("250"));
}

TEST_F(RelayBadInput, AnAnswerThatDripsHoldsUpNobodyElse) {
    auto& host = scene({.providers = {"sendgrid", "mailgun"},
                        .of_each = "timeout = \"3s\"",
                        .more = rota_of_each({"sendgrid", "mailgun"})});
    fakes().fail({.fault = "drip", .provider = "sendgrid", .times = 1});
    std::string dripped;
    std::thread waiting([&] { dripped = host.send_one(fresh_mail(), "bob@sendgrid.example.net"); });
    EXPECT_TRUE(rig::wait_until([&] { return fakes().calls("sendgrid").sending == 1; }, seconds(20)));
    EXPECT_THAT(host.send_one(fresh_mail(), "bob@mailgun.example.net"), StartsWith("250"));
    EXPECT_THAT(host.send_one(fresh_mail(), "bob@sendgrid.example.net"), StartsWith("250"));
    waiting.join();
    EXPECT_THAT(dripped, StartsWith("451 4.4.2 ")) << host.logs();
}

TEST_F(RelayBadInput, AWebhookOfAHundredMegabytesIsRefusedUnread) {
    auto& host =
        scene({.providers = {"postmark"}, .more = "[events]\nmax_body = 2000000\n", .no_quarantine = true});
    ASSERT_EQ(host.hook_client().request("HEAD", "/hook/postmark").status, 200);
    const auto before = peak_memory(host.web().pid());
    EXPECT_EQ(send_much("/hook/postmark", 100 * megabyte, false), 413);
    EXPECT_EQ(send_much("/hook/postmark", 100 * megabyte, true), 413);
    EXPECT_EQ(send_much("/hook/postmark", 2 * megabyte - 64 * 1024, false), 400);  // read, and no JSON
    EXPECT_LT(peak_memory(host.web().pid()) - before, 16 * megabyte);
    EXPECT_EQ(stored(), "0");
}

TEST_F(RelayBadInput, WhatIsNoEventIsRefusedClearlyAndNothingIsStored) {
    auto& host = scene({.providers = http_kinds()});
    const std::string json = "application/json";
    const std::string form = "application/x-www-form-urlencoded";
    struct Case {
        std::string type, body;
    };
    for (const auto& [type, body] :
         {Case{json, ""}, Case{json, "{"}, Case{json, "null"}, Case{json, "[[[[[["}, Case{json, "\xFF\xFE{}"},
          Case{json, std::string(100'000, '[')}, Case{json, "[" + std::string(200'000, '{') + "]"},
          Case{form, "mandrill_events=%5B%5D"}, Case{form, "a=b&c"}, Case{"text/xml", "<events/>"},
          Case{"multipart/form-data; boundary=x", "--x\r\n\r\n--x--\r\n"}, Case{"image/png", "\x89PNG\r\n"},
          Case{"application/json; charset=utf-16", std::string("[\0]\0", 4)}}) {
        for (const auto& kind : http_kinds()) {
            const auto answer = host.hook_client().request(
                "POST", "/hook/" + kind, body, {{"Content-Type", type}, {"Authorization", password()}});
            EXPECT_THAT(answer.status, AnyOf(400, 401, 403))
                << kind << ": " << type << ": " << body.substr(0, 40);
        }
    }
    EXPECT_EQ(stored(), "0");
    EXPECT_EQ(host.hook_client().request("PUT", "/hook/sendgrid", "[]").status, 405);
}

TEST_F(RelayBadInput, ATruncatedWebhookStoresNothingAndItsRepetitionAll) {
    auto& host = scene({.providers = {"sendgrid"}});
    const auto post = fakes().emit({.provider = "sendgrid",
                                    .events = {{.type = "delivered", .recipient = "bob@example.net"},
                                               {.type = "opened", .recipient = "bob@example.net"}}});
    ASSERT_THAT(post, SizeIs(1));
    const rig::HttpClient::Headers headers(post[0].headers.begin(), post[0].headers.end());
    auto client = host.hook_client();
    client.connection().write(client.head("POST", "/hook/sendgrid", post[0].body.size(), headers));
    client.connection().write(post[0].body.substr(0, post[0].body.size() / 2));
    client.close();
    const auto half = post[0].body.substr(0, post[0].body.size() / 2);
    EXPECT_THAT(host.hook_client().request("POST", "/hook/sendgrid", half, headers).status,
                AnyOf(400, 401, 403));
    EXPECT_EQ(stored(), "0");
    EXPECT_EQ(host.hook_client().request("POST", "/hook/sendgrid", post[0].body, headers).status, 200);
    EXPECT_EQ(stored(), "2");
}

TEST_F(RelayBadInput, ThousandsOfForgedWebhooksHoldUpNoTrueOne) {
    auto& host = scene({.providers = {"sendgrid"}});
    const auto forged = fakes().emit({.provider = "sendgrid",
                                      .events = {{.type = "delivered", .recipient = "bob@example.net"}},
                                      .wrong_key = true});
    const rig::HttpClient::Headers headers(forged[0].headers.begin(), forged[0].headers.end());
    auto client = host.hook_client();
    for (int i = 0; i < 500; ++i)
        ASSERT_THAT(client.request("POST", "/hook/sendgrid", forged[0].body, headers).status,
                    AnyOf(400, 401, 403));
    const auto posts = fakes().emit({.provider = "sendgrid",
                                     .events = {{.type = "delivered", .recipient = "bob@example.net"}},
                                     .url = host.hook("sendgrid")});
    EXPECT_EQ(posts.at(0).status, 200);
    EXPECT_EQ(stored(), "1");
    const auto log = host.web().log();
    std::size_t lines = 0;
    for (auto at = log.find("hook-refused"); at != std::string::npos; at = log.find("hook-refused", at + 1))
        ++lines;
    EXPECT_LT(lines, 500);
}

TEST_F(RelayBadInput, AMailOfManyMegabytesGoesThroughOrIsTooLargeForTheProvider) {
    auto& host = scene(
        {.providers = {"postmark", "sendgrid"},
         .of_each = "",
         .more = rota_of_each({"postmark", "sendgrid"}) + "[[rule]]\nthen = [{ relay = \"outbound\" }]\n"});
    std::string large = fresh_mail("large");
    for (int i = 0; i < 160'000; ++i)
        large += "A line of a text that is rather long, seventy bytes or more of it.\n";
    EXPECT_THAT(host.send_one(large, "bob@postmark.example.net"), StartsWith("552 5.3.4 Too large"));
    EXPECT_THAT(host.send_one(large, "bob@any.example.net"), StartsWith("250 2.0.0 accepted by sendgrid"));
}

}  // namespace
}  // namespace mailrota::e2e
