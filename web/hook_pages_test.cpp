#include "web/hook_pages.h"

#include <gmock/gmock.h>
#include <openssl/hmac.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/mail/digest.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::web {
namespace {

using Kind = config::ProviderSettings::Kind;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const auto noon = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));
const std::string right_user = "Basic ZXZlbnRzOnBhc3N3b3Jk";  // events:password

config::SecretSource variable(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    return {config::SecretSource::Kind::env, name, "test"};
}

config::ProviderSettings provider(const std::string& name, Kind kind) {
    config::ProviderSettings settings;
    settings.name = name;
    settings.kind = kind;
    return settings;
}

std::vector<config::ProviderSettings> some_providers() {
    auto postmark = provider("postmark", Kind::postmark);
    postmark.webhook.users = {{"events", variable("HOOK_TEST_PASSWORD", "password")}};
    auto near = postmark;
    near.name = "near";
    near.webhook.allow = {*policy::Network::parse("192.0.2.0/24")};
    auto mailgun = provider("mailgun", Kind::mailgun);
    mailgun.webhook.secrets = {variable("HOOK_TEST_KEY", "signing-key")};
    auto ses = provider("ses", Kind::ses);
    ses.webhook.topics = {"arn:aws:sns:eu-west-1:123456789012:events"};
    ses.proxy = "http://127.0.0.1:1";  // nobody is there
    return {postmark, near, mailgun, ses, provider("plain", Kind::smtp)};
}

std::string mailgun_body(const std::string& token, const std::string& event) {
    const std::string text = std::to_string(noon.time_since_epoch().count()) + token;
    unsigned char mac[32];
    HMAC(EVP_sha256(), "signing-key", 11, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         mac, nullptr);
    return R"({"signature":{"timestamp":"1700000000","token":")" + token + R"(","signature":")" +
           mail::to_hex(mac) + R"("},"event-data":{"event":")" + event +
           R"(","recipient":"ann@example.com"}})";
}

class HookPagesTest : public testing::Test {
  protected:
    HookPagesTest() { pages_.add_to(router_); }

    void open_store() { ASSERT_TRUE(intake_.open()); }

    Response ask(const std::string& method, const std::string& path, std::string body = {},
                 std::vector<std::pair<std::string, std::string>> headers = {},
                 std::string client = "198.51.100.7") {
        Request request;
        request.method = method;
        request.target = *parse_target(path);
        request.headers = std::move(headers);
        request.body = std::move(body);
        request.client.address = std::move(client);
        auto found = std::get<Router::Found>(router_.find(method, request.target.segments));
        request.named = found.named;
        std::optional<Response> response = found.route->turns_away(request);
        if (response) return *std::move(response);
        boost::asio::co_spawn(context_, found.route->handle(std::move(request)),
                              [&](const std::exception_ptr& fault, Response answer) {
                                  EXPECT_FALSE(fault);
                                  response = std::move(answer);
                              });
        context_.restart();
        while (!response) context_.run_one();
        return *std::move(response);
    }
    Response tell(const std::string& path, std::string body) {
        return ask("POST", path, std::move(body), {{"Authorization", right_user}});
    }

    std::vector<store::StoredEvent> stored() {
        std::vector<store::StoredEvent> events;
        const auto read = intake_.store()->read([&](store::Transaction& transaction) -> Result<void> {
            auto found = transaction.find_events({}, 100);
            if (!found) return tl::unexpected(found.error());
            events = *std::move(found);
            return {};
        });
        EXPECT_TRUE(read);
        return events;
    }

    static config::StoreSettings store_in(const std::filesystem::path& folder) {
        config::StoreSettings settings;
        settings.url = "sqlite:" + (folder / "state.db").string();
        return settings;
    }

    rig::TemporaryFolder folder_;
    runtime::LateIntake intake_{store_in(folder_.path()), [] { return noon; }};
    LateStore store_{intake_};
    runtime::Log log_{{}};
    runtime::Metrics metrics_;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_{
        context_.get_executor()};
    SnsCaller sns_{context_.get_executor()};
    HookPages pages_{{store_, log_, metrics_, [] { return noon; }, sns_, 1'000'000},
                     HookDoors::open(some_providers()).value()};
    Router router_;
};

std::string text_of(const Response& response) {
    std::string text;
    for (const auto piece : response.body.pieces) text += piece;
    return text;
}

TEST_F(HookPagesTest, AnEventIsStoredBeforeItIsAnswered) {
    open_store();
    EXPECT_EQ(
        tell("/hook/postmark", R"({"RecordType":"Delivery","Recipient":"ann@example.com","MessageID":"m"})")
            .status,
        200);
    const auto events = stored();
    ASSERT_THAT(events, SizeIs(1));
    EXPECT_EQ(events[0].provider, "postmark");
    EXPECT_EQ(events[0].event.type, mail::MailEvent::Type::delivered);
    EXPECT_EQ(events[0].event.recipient, "ann@example.com");
    EXPECT_EQ(events[0].event.at, noon);  // it said no time of its own
    EXPECT_FALSE(events[0].settled);
}

TEST_F(HookPagesTest, TheSameEvent46TimesIsOneRow) {
    open_store();
    const std::string body = R"({"RecordType":"Bounce","Type":"HardBounce","ID":42})";
    for (int i = 0; i < 46; ++i) EXPECT_EQ(tell("/hook/postmark", body).status, 200);
    EXPECT_THAT(stored(), SizeIs(1));
    const auto exposed = metrics_.expose();
    EXPECT_THAT(exposed, HasSubstr(R"(mailrota_events_total{event="bounced",provider="postmark"} 46)"));
    EXPECT_THAT(exposed, HasSubstr(R"(mailrota_events_total{event="duplicate",provider="postmark"} 45)"));
}

TEST_F(HookPagesTest, WhatIsForgedLeavesNothingBehindAndLearnsNothing) {
    open_store();
    const std::string body = R"({"RecordType":"Delivery"})";
    for (const char* authorization : {"", "Basic ZXZlbnRzOndyb25n", "Bearer password"}) {
        const auto response = ask("POST", "/hook/postmark", body, {{"Authorization", authorization}});
        EXPECT_EQ(response.status, 401);
        EXPECT_THAT(text_of(response), Not(testing::AnyOf(HasSubstr("user"), HasSubstr("password"))));
    }
    EXPECT_EQ(ask("POST", "/hook/mailgun", mailgun_body("t", "opened") + "x").status, 401);
    EXPECT_THAT(stored(), IsEmpty());
    EXPECT_THAT(metrics_.expose(),
                HasSubstr(R"(mailrota_events_total{event="forged",provider="postmark"} 3)"));
}

TEST_F(HookPagesTest, WhatCannotBeReadIsRefused) {
    open_store();
    for (const char* body : {"", "{", "[]", "\xff"}) EXPECT_EQ(tell("/hook/postmark", body).status, 400);
    EXPECT_THAT(stored(), IsEmpty());
}

TEST_F(HookPagesTest, AMailgunTokenCountsOnceWhateverComesWithIt) {
    open_store();
    EXPECT_EQ(ask("POST", "/hook/mailgun", mailgun_body("t1", "opened")).status, 200);
    EXPECT_EQ(ask("POST", "/hook/mailgun", mailgun_body("t1", "complained")).status, 200);
    EXPECT_EQ(ask("POST", "/hook/mailgun", mailgun_body("t2", "clicked")).status, 200);
    const auto events = stored();
    ASSERT_THAT(events, SizeIs(2));
    EXPECT_EQ(events[0].event.type, mail::MailEvent::Type::clicked);
    EXPECT_EQ(events[1].event.type, mail::MailEvent::Type::opened);
}

TEST_F(HookPagesTest, AStoreThatIsAwayMakesTheProviderComeAgain) {
    EXPECT_EQ(tell("/hook/postmark", R"({"RecordType":"Delivery"})").status, 503);
    EXPECT_EQ(ask("POST", "/hook/mailgun", mailgun_body("t1", "opened")).status, 503);
    open_store();
    EXPECT_EQ(ask("POST", "/hook/mailgun", mailgun_body("t1", "opened")).status, 200);
    EXPECT_THAT(stored(), SizeIs(1));
}

TEST_F(HookPagesTest, OnlyAddressesOfTheProviderMayComeWhereTheyAreNamed) {
    open_store();
    const std::string body = R"({"RecordType":"Delivery"})";
    EXPECT_EQ(tell("/hook/near", body).status, 401);  // 403 would stop Postmark's repeats
    EXPECT_EQ(ask("POST", "/hook/near", body, {{"Authorization", right_user}}, "192.0.2.9").status, 200);
    EXPECT_THAT(stored(), SizeIs(1));
    EXPECT_THAT(metrics_.expose(), HasSubstr(R"(mailrota_events_total{event="forged",provider="near"} 1)"));
}

TEST_F(HookPagesTest, UnknownProvidersAreLikeAnyUnknownPath) {
    for (const char* path : {"/hook/nobody", "/hook/plain"})
        for (const char* method : {"GET", "HEAD", "POST"}) {
            const auto response = ask(method, path, "{}");
            EXPECT_EQ(response.status, 404);
            EXPECT_EQ(text_of(response), text_of(error_response(404, "there is nothing here")));
        }
}

TEST_F(HookPagesTest, HeadAndGetSayThatSomebodyIsThere) {
    EXPECT_EQ(ask("HEAD", "/hook/mailgun").status, 200);
    EXPECT_EQ(ask("GET", "/hook/postmark").status, 200);
}

TEST_F(HookPagesTest, ACertificateThatIsNotToBeHadMakesSnsComeAgain) {
    open_store();
    const std::string body =
        R"({"Type":"Notification","MessageId":"n","TopicArn":"arn:aws:sns:eu-west-1:123456789012:events",)"
        R"("Message":"{}","Timestamp":"2023-11-14T22:13:20.000Z","SignatureVersion":"1","Signature":"AAAA",)"
        R"("SigningCertURL":"https://sns.eu-west-1.amazonaws.com/a.pem"})";
    EXPECT_EQ(ask("POST", "/hook/ses", body).status, 503);
    std::string foreign = body;
    foreign.replace(foreign.find("sns.eu-west-1.amazonaws.com"), 27, "sns.example.com");
    EXPECT_EQ(ask("POST", "/hook/ses", foreign).status, 403);
    EXPECT_THAT(stored(), IsEmpty());
}

TEST_F(HookPagesTest, AReloadBringsOtherSecrets) {
    open_store();
    auto providers = some_providers();
    providers[0].webhook.users[0].password = variable("HOOK_TEST_NEW_PASSWORD", "new");
    pages_.replace(HookDoors::open(providers).value());
    EXPECT_EQ(tell("/hook/postmark", R"({"RecordType":"Delivery"})").status, 401);
}

TEST(HookDoors, ASecretThatCannotBeReadIsNamed) {
    auto settings = provider("mailgun", Kind::mailgun);
    settings.webhook.secrets = {{config::SecretSource::Kind::env, "HOOK_TEST_NOT_THERE", "test"}};
    const auto doors = HookDoors::open({settings});
    ASSERT_FALSE(doors);
    EXPECT_THAT(doors.error().text, HasSubstr("provider.mailgun.webhook"));
}

}  // namespace
}  // namespace mailrota::web
