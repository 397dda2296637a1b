#include "tests/rig/fake_providers.h"

#include <gmock/gmock.h>

#include "tests/rig/http_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto mail_bytes =
    "From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hi\r\nX-MC-Metadata: "
    "{\"mailrota_id\":\"0123456789abcdef0123456789abcdef\"}\r\nX-MC-PreserveRecipients: "
    "true\r\n\r\nHello.\r\n";
constexpr auto our_id = "0123456789abcdef0123456789abcdef";

std::string escaped(std::string_view text) {
    std::string json;
    for (const char c : text) {
        if (c == '"' || c == '\\') json += '\\';
        json += c == '\r' ? std::string("\\r") : c == '\n' ? "\\n" : std::string(1, c);
    }
    return json;
}

/// One program for all tests, emptied before each.
class FakeProvidersTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { shared_ = new FakeProviders; }
    static void TearDownTestSuite() {
        delete shared_;
        shared_ = nullptr;
    }
    void SetUp() override {
        fakes().heal();
        fakes().clear();
    }
    static FakeProviders& fakes() { return *shared_; }

    static HttpClient client(HttpClient::Headers always = {}) {
        return HttpClient("inet:127.0.0.1:" + std::to_string(fakes().port()), std::move(always));
    }

    static HttpAnswer sendgrid(const std::string& body, const std::string& key = "sendgrid-key") {
        return client({{"Authorization", "Bearer " + key}, {"Content-Type", "application/json"}})
            .post("/sendgrid/v3/mail/send", body);
    }
    static std::string sendgrid_call(const std::string& more = "") {
        return R"({"personalizations":[{"to":[{"email":"bob@example.net"}],"cc":[{"email":"cyd@example.net"}]}],)"
               R"("from":{"email":"ann@example.com","name":"Ann"},"subject":"Hi","content":[{"type":"text/plain",)"
               R"("value":"Hello."}],"custom_args":{"mailrota_id":")" +
               std::string(our_id) + "\"}" + more + "}";
    }

    static HttpAnswer mailgun(const std::vector<std::pair<std::string, std::string>>& fields,
                              const std::string& path = "/mailgun/v3/example.com/messages.mime") {
        std::string body;
        for (const auto& [name, value] : fields) {
            body += "--xyz\r\nContent-Disposition: form-data; name=\"" + name + "\"";
            if (name == "message") body += "; filename=\"m.eml\"\r\nContent-Type: message/rfc822";
            body += "\r\n\r\n" + value + "\r\n";
        }
        return client({{"Authorization", "Basic YXBpOm1haWxndW4ta2V5"},
                       {"Content-Type", "multipart/form-data; boundary=xyz"}})
            .post(path, body + "--xyz--\r\n");
    }

    static HttpAnswer mandrill(const std::string& members, const std::string& key = "mandrill-key") {
        return client().post(
            "/mandrill/api/1.4/messages/send-raw",
            "{\"key\":\"" + key + "\",\"raw_message\":\"" + escaped(mail_bytes) + "\"" + members + "}");
    }

  private:
    static FakeProviders* shared_;
};
FakeProviders* FakeProvidersTest::shared_ = nullptr;

TEST_F(FakeProvidersTest, SendGridDeliversAMailMadeOfTheCall) {
    const auto answer = sendgrid(sendgrid_call());
    EXPECT_EQ(answer.status, 202) << answer.body;
    const auto mails = fakes().mailbox("CYD@example.net");
    ASSERT_THAT(mails, SizeIs(1));
    EXPECT_EQ(mails[0].our_id, our_id);
    EXPECT_EQ(mails[0].id, answer.header("x-message-id"));
    EXPECT_EQ(mails[0].sender, "ann@example.com");
    EXPECT_THAT(mails[0].content, HasSubstr("To: bob@example.net\r\nCc: cyd@example.net\r\nSubject: Hi\r\n"));
    EXPECT_THAT(mails[0].content, HasSubstr("\r\n\r\nSGVsbG8u\r\n"));
    EXPECT_EQ(fakes().calls("sendgrid").accepted, 1);
}

TEST_F(FakeProvidersTest, SendGridRefusesWhatTheRealOneRefuses) {
    EXPECT_EQ(sendgrid(sendgrid_call(), "other").status, 401);
    EXPECT_THAT(sendgrid(sendgrid_call(R"(,"subjekt":"x")")).body, HasSubstr("\"field\":\"subjekt\""));
    EXPECT_THAT(sendgrid(sendgrid_call(R"(,"headers":{"To":"x@example.com"})")).body,
                HasSubstr("reserved key"));
    EXPECT_THAT(sendgrid(sendgrid_call(R"(,"attachments":[{"content":"*","filename":"a"}])")).body,
                HasSubstr("base64"));
    EXPECT_EQ(
        sendgrid(R"({"personalizations":[{"to":[{"email":"a@example.com"},{"email":"A@example.com"}]}],)"
                 R"("from":{"email":"ann@example.com"},"subject":"Hi",)"
                 R"("content":[{"type":"text/plain","value":"x"}]})")
            .status,
        400);
    EXPECT_EQ(sendgrid(R"({"personalizations":[{"to":[{"email":"a@example.com"}],"custom_args":{"n":1}}],)"
                       R"("from":{"email":"ann@example.com"},"subject":"Hi",)"
                       R"("content":[{"type":"text/plain","value":"x"}]})")
                  .status,
              400);
    EXPECT_THAT(fakes().mails(), IsEmpty());
}

TEST_F(FakeProvidersTest, MailgunDeliversTheBytesToTheNamedRecipientsOnly) {
    const auto answer = mailgun({{"to", "eve@example.net,Bob <bob@example.net>"},
                                 {"message", mail_bytes},
                                 {"o:tracking", "no"},
                                 {"v:mailrota_id", our_id}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto mails = fakes().mails();
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_EQ(mails[0].recipient, "eve@example.net");
    EXPECT_EQ(mails[1].recipient, "bob@example.net");
    EXPECT_EQ(mails[1].given, mail_bytes);
    EXPECT_EQ(mails[1].our_id, our_id);
    EXPECT_THAT(answer.body, HasSubstr("Queued. Thank you."));
}

TEST_F(FakeProvidersTest, MailgunRefusesInItsOwnWords) {
    EXPECT_THAT(
        mailgun({{"to", "bob@example.net"}, {"message", mail_bytes}}, "/mailgun/v3/example.com/massages")
            .body,
        "Mailgun Magnificent API");
    EXPECT_EQ(
        mailgun({{"to", "a@example.net"}, {"message", mail_bytes}}, "/mailgun/v3/example.org/messages.mime")
            .body,
        R"({"message":"Domain not found: example.org"})");
    EXPECT_EQ(mailgun({{"to", "a@example.net"}, {"message", mail_bytes}, {"o:trakking", "no"}}).status, 400);
    EXPECT_THAT(mailgun({{"to", "nobody"}, {"message", mail_bytes}}).body, HasSubstr("not a valid address"));
    EXPECT_EQ(client({{"Content-Type", "multipart/form-data; boundary=xyz"}})
                  .post("/mailgun/v3/example.com/messages.mime", "x")
                  .body,
              "Forbidden");
    EXPECT_THAT(fakes().mails(), IsEmpty());
}

TEST_F(FakeProvidersTest, MandrillObeysAndRemovesItsControlFields) {
    const auto answer = mandrill(R"(,"to":["bob@example.net"])");
    EXPECT_THAT(answer.body, HasSubstr("\"status\":\"sent\"")) << answer.status;
    const auto mails = fakes().mailbox("bob@example.net");
    ASSERT_THAT(mails, SizeIs(1));
    EXPECT_EQ(mails[0].our_id, our_id);
    EXPECT_EQ(mails[0].content,
              "From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hi\r\n\r\nHello.\r\n");
    const auto found =
        client().post("/mandrill/api/1.4/messages/search",
                      R"({"key":"mandrill-key","query":"u_mailrota_id:)" + std::string(our_id) + "\"}");
    EXPECT_THAT(found.body, HasSubstr(mails[0].id));
}

TEST_F(FakeProvidersTest, MandrillRefusesAndMixes) {
    EXPECT_THAT(mandrill(R"(,"to":["bob@example.net"])", "other").body, HasSubstr("Invalid_Key"));
    EXPECT_THAT(mandrill(R"(,"too":["bob@example.net"])").body, HasSubstr("ValidationError"));
    FakeAccount lists;
    lists.bad = {"bad@example.net"};
    lists.suppressed = {"off@example.net"};
    fakes().set("mandrill", lists);
    const auto answer = mandrill(R"(,"to":["bob@example.net","bad@example.net","off@example.net"])");
    EXPECT_THAT(answer.body, HasSubstr(R"("email":"bad@example.net","status":"invalid")"));
    EXPECT_THAT(answer.body, HasSubstr(R"("email":"off@example.net","status":"rejected")"));
    EXPECT_THAT(fakes().mails(), SizeIs(1));
}

TEST_F(FakeProvidersTest, PostmarkAcceptsFindsAndRefuses) {
    const auto send = [](const std::string& more, const std::string& token = "postmark-key") {
        return client({{"X-Postmark-Server-Token", token},
                       {"Accept", "application/json"},
                       {"Content-Type", "application/json"}})
            .post("/postmark/email",
                  R"({"From":"ann@example.com","To":"bob@example.net","Subject":"Hi","TextBody":"x",)"
                  R"("Metadata":{"mailrota_id":")" +
                      std::string(our_id) + "\"}" + more + "}");
    };
    EXPECT_THAT(send("").body, HasSubstr("\"ErrorCode\":0"));
    EXPECT_EQ(fakes().mailbox("bob@example.net").at(0).our_id, our_id);
    HttpClient::Headers token = {{"X-Postmark-Server-Token", "postmark-key"}, {"Accept", "application/json"}};
    const auto path =
        "/postmark/messages/outbound?count=1&offset=0&metadata_mailrota_id=" + std::string(our_id);
    EXPECT_THAT(client(token).get(path).body, HasSubstr("\"TotalCount\":1"));
    EXPECT_EQ(send("", "other").status, 401);
    EXPECT_EQ(send(R"(,"Colour":"red")").status, 422);
    EXPECT_EQ(send(R"(,"Headers":[{"Name":"Subject","Value":"x"}])").status, 422);
    FakeAccount lists;
    lists.suppressed = {"bob@example.net"};
    fakes().set("postmark", lists);
    EXPECT_THAT(send("").body, HasSubstr("\"ErrorCode\":406"));
    EXPECT_THAT(send(R"(,"Cc":"cyd@example.net")").body,
                HasSubstr("will not deliver to these inactive addresses: bob@example.net"));
    lists.suppressed.emplace();
    fakes().set("postmark", lists);
}

TEST_F(FakeProvidersTest, SparkPostReplaysSubstitutesAndRefuses) {
    const auto send = [](const std::string& subject, const std::string& key = "sparkpost-key",
                         const std::string& more = "") {
        const auto bytes = "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nHello.\r\n";
        return client({{"Authorization", key},
                       {"Content-Type", "application/json"},
                       {"Idempotency-Key", our_id}})
            .post("/sparkpost/api/v1/transmissions",
                  R"({"recipients":[{"address":{"email":"bob@example.net"}}],"metadata":{"mailrota_id":")" +
                      std::string(our_id) + R"("},"content":{"email_rfc822":")" + escaped(bytes) + "\"}" +
                      more + "}");
    };
    EXPECT_EQ(send("Hi", "Bearer sparkpost-key").status, 401);
    EXPECT_EQ(send("Hi {{ x").status, 422);
    EXPECT_EQ(send("Hi", "sparkpost-key", R"(,"recipient":1)").status, 422);
    const auto first = send("Hi {{name}}!");
    EXPECT_THAT(first.body, HasSubstr("\"total_accepted_recipients\":1"));
    const auto again = send("Hi {{name}}!");
    EXPECT_EQ(again.header("x-idempotent-replayed"), "true");
    EXPECT_EQ(again.body, first.body);
    EXPECT_THAT(send("other").body, HasSubstr("1600"));
    const auto mails = fakes().mailbox("bob@example.net");
    ASSERT_THAT(mails, SizeIs(1));
    EXPECT_THAT(mails[0].content, HasSubstr("Subject: Hi !\r\n"));
}

TEST_F(FakeProvidersTest, ResendReplaysLimitsAndRefuses) {
    const auto send = [](const std::string& more, const std::string& key) {
        return client({{"Authorization", "Bearer resend-key"},
                       {"Content-Type", "application/json"},
                       {"Idempotency-Key", key}})
            .post("/resend/emails",
                  R"({"from":"ann@example.com","to":["bob@example.net"],"subject":"Hi","text":"x",)"
                  R"("tags":[{"name":"mailrota_id","value":"a1"}])" +
                      more + "}");
    };
    const auto first = send("", "one");
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(send("", "one").body, first.body);
    EXPECT_THAT(send(R"(,"html":"y")", "one").body, HasSubstr("invalid_idempotent_request"));
    EXPECT_EQ(send(R"(,"txt":"y")", "two").status, 422);
    EXPECT_EQ(
        send(R"(,"attachments":[{"filename":"a.pdf","content_type":"image/png","content":"AAAA"}])", "three")
            .status,
        200);
    EXPECT_THAT(fakes().mailbox("bob@example.net"), SizeIs(1))
        << "the one with the odd attachment is dropped";
    FakeAccount limit;
    limit.most_calls_a_second = 1;
    fakes().set("resend", limit);
    send("", "four");
    EXPECT_EQ(send("", "five").status, 429);
    limit.most_calls_a_second = 0;
    fakes().set("resend", limit);
}

TEST_F(FakeProvidersTest, SesWantsASignature) {
    EXPECT_EQ(client().post("/ses/v2/email/outbound-emails", "{}").header("x-amzn-errortype"),
              "MissingAuthenticationTokenException");
    EXPECT_EQ(client().get("/ses/v2/email/account").status, 403);
}

TEST_F(FakeProvidersTest, EventsGoOutWhenTheyAreAskedForAndByThemselves) {
    FakeEvents events{.provider = "sendgrid",
                      .events = {{.type = "bounced",
                                  .our_id = our_id,
                                  .message_id = "",
                                  .recipient = "bob@example.net",
                                  .event_id = "",
                                  .at = {},
                                  .words = "",
                                  .overrides = R"({"reason":"gone"})",
                                  .native = ""}},
                      .url = "",
                      .signed_url = "",
                      .signed_at = 1700000000};
    const auto posts = fakes().emit(events);
    ASSERT_THAT(posts, SizeIs(1));
    EXPECT_THAT(posts[0].body, HasSubstr(R"("event":"bounce")"));
    EXPECT_THAT(posts[0].body, HasSubstr(R"("reason":"gone")"));
    EXPECT_EQ(posts[0].headers.at("X-Twilio-Email-Event-Webhook-Timestamp"), "1700000000");
    EXPECT_EQ(posts[0].status, 0);
    // A fake is a receiver too: Mailgun answers 200 to whatever it does not know.
    events.url = fakes().base_url("mailgun") + "/hook";
    events.times = 2;
    EXPECT_THAT(fakes().emit(events), SizeIs(2));
    EXPECT_EQ(fakes().calls("mailgun").others, 2);
    FakeAccount hook;
    hook.hook_url = events.url;
    fakes().set("sendgrid", hook);
    EXPECT_EQ(sendgrid(sendgrid_call()).status, 202);
    EXPECT_TRUE(
        wait_until([] { return fakes().calls("mailgun").others == 3 && fakes().events_waiting() == 0; }));
    hook.hook_url = "";
    fakes().set("sendgrid", hook);
}

TEST_F(FakeProvidersTest, FaultsComeAsOftenAsTheyWereOrdered) {
    fakes().fail(
        {.fault = "rate_limited", .provider = "sendgrid", .times = 1, .form = "retry_after", .words = ""});
    EXPECT_EQ(sendgrid(sendgrid_call()).header("retry-after"), "1");
    EXPECT_EQ(sendgrid(sendgrid_call()).status, 202);
    fakes().clear();
    fakes().fail({.fault = "server_error",
                  .provider = "sendgrid",
                  .after = true,
                  .times = 1,
                  .form = "",
                  .words = ""});
    EXPECT_EQ(sendgrid(sendgrid_call()).status, 500);
    EXPECT_THAT(fakes().mailbox("bob@example.net"), SizeIs(1)) << "accepted all the same";
    for (const char* kind : {"reset", "cut_off"}) {
        fakes().fail({.fault = kind, .provider = "sendgrid", .times = 1, .form = "", .words = ""});
        EXPECT_ANY_THROW(if (sendgrid(sendgrid_call()).status == 0) throw 0) << kind;
    }
}

}  // namespace
}  // namespace mailrota::rig
