#include "core/runtime/hand_on_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <optional>
#include <sstream>

#include "tests/rig/temporary_folder.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using testing::HasSubstr;

const std::chrono::sys_seconds now{std::chrono::seconds{1'614'265'330}};
const std::string lines = "{\"event_type\":\"delivered\"}\n{\"event_type\":\"bounced\"}\n";

std::string header(const providers::HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return "";
}

TEST(HandOnRequest, HoldsTheEventsAsOneArray) {
    const auto request = hand_on_request("https://app.example.com/", "", "id", now, lines);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(std::get<std::string>(request.body),
              R"([{"event_type":"delivered"},{"event_type":"bounced"}])");
    EXPECT_EQ(header(request, "webhook-signature"), "");
}

TEST(HandOnRequest, IsSignedAsStandardWebhooksAre) {
    const auto plain = hand_on_request("https://app.example.com/", "secret", "msg_1", now, "{}");
    EXPECT_EQ(header(plain, "webhook-id"), "msg_1");
    EXPECT_EQ(header(plain, "webhook-timestamp"), "1614265330");
    // echo -n 'msg_1.1614265330.[{}]' | openssl dgst -sha256 -hmac secret -binary | base64
    EXPECT_EQ(header(plain, "webhook-signature"), "v1,c1jwutQgRk+ODWtG7sMZK0EyknmftQHNO5ZaovbYo40=");
    // The same with the key that "whsec_c2VjcmV0" encodes.
    const auto encoded = hand_on_request("https://app.example.com/", "whsec_c2VjcmV0", "msg_1", now, "{}");
    EXPECT_EQ(header(encoded, "webhook-signature"), header(plain, "webhook-signature"));
}

class HandOnKind : public testing::Test {
  protected:
    Attempted attempt(const std::string& payload = "{}", bool expired = false) {
        asio::io_context context;
        asio::thread_pool programs(1);
        HttpClient http(context.get_executor(), "test");
        const JobKind kind = hand_on_kind_on({http, programs, [] { return now; }, settings, "secret"});
        store::Job job;
        job.key = "events 1-2";
        job.payload = payload;
        std::optional<Attempted> attempted;
        asio::co_spawn(context, kind(job, lines, expired),
                       [&attempted, &http](const std::exception_ptr& fault, Attempted came) {
                           if (!fault) attempted = std::move(came);
                           http.close();
                       });
        context.run();
        return attempted.value();
    }

    std::string written() const {
        std::ifstream file(folder / "out");
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }

    rig::TemporaryFolder folder;
    config::EventSettings settings;
};

TEST_F(HandOnKind, TheCommandGetsALineForEachEvent) {
    settings.command = "cat > " + (folder / "out").string();
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
    EXPECT_EQ(written(), lines);
}

TEST_F(HandOnKind, ACommandThatFailsIsTriedAgainAndItsWordsAreKept) {
    settings.command = "echo database is away >&2; exit 75";
    const auto attempted = attempt();
    ASSERT_TRUE(std::holds_alternative<Postponed>(attempted));
    EXPECT_EQ(std::get<Postponed>(attempted).last, "the command ended with 75: database is away");
}

TEST_F(HandOnKind, WhatHasTakenTheBatchIsNotAskedAgain) {
    settings.command = "cat >> " + (folder / "out").string();
    settings.url = "http://127.0.0.1:1/";  // nobody listens there
    const auto attempted = attempt();
    ASSERT_TRUE(std::holds_alternative<Postponed>(attempted));
    EXPECT_EQ(written(), lines);
    const auto again = attempt(std::get<Postponed>(attempted).payload);
    EXPECT_TRUE(std::holds_alternative<Postponed>(again));
    EXPECT_EQ(written(), lines);
}

TEST_F(HandOnKind, WhenItsTimeIsOverItIsKeptForTheAdministrator) {
    settings.command = "exit 1";
    const auto attempted = attempt("{}", true);
    ASSERT_TRUE(std::holds_alternative<Failed>(attempted));
    EXPECT_THAT(std::get<Failed>(attempted).last, HasSubstr("ended with 1"));
}

}  // namespace
}  // namespace mailrota::runtime
