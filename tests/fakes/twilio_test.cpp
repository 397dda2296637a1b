#include "tests/fakes/twilio.h"

#include <boost/json/array.hpp>

#include "tests/fakes/twilio_fixture.h"

namespace mailrota::fakes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

using TwilioRestTest = TwilioTest;

Fields with(Fields fields, const std::string& name, const std::string& value) {
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    if (!value.empty()) fields.emplace_back(name, value);
    return fields;
}

TEST_F(TwilioRestTest, ACallIsAnsweredWithTheFieldsAndTypesOfTheRealOne) {
    const auto reply = request("POST", "Calls.json", call_form());
    EXPECT_EQ(reply.status, 201);
    const auto body = body_of(reply);
    EXPECT_THAT(text_at(body, "sid"), MatchesRegex("CA[0-9a-f]{32}"));
    EXPECT_EQ(text_at(body, "status"), "queued");
    EXPECT_THAT(text_at(body, "date_created"), MatchesRegex("[A-Z][a-z]{2}, .*:[0-9]{2} \\+0000"));
    EXPECT_TRUE(body.at("duration").is_null());
    EXPECT_TRUE(body.at("start_time").is_null());
    EXPECT_TRUE(body.at("answered_by").is_null());
    EXPECT_TRUE(body.at("queue_time").is_string());
    run();
    const auto over = body_of(request("GET", "Calls/" + text_at(body, "sid") + ".json", {}));
    EXPECT_EQ(text_at(over, "status"), "completed");
    EXPECT_TRUE(over.at("duration").is_string());
    EXPECT_TRUE(over.at("end_time").is_string());
}

TEST_F(TwilioRestTest, TakesTheTokenOrAnApiKeyAndNothingElse) {
    const auto& account = exchange().account();
    const auto status = [&](const std::string& user) {
        return request("GET", "Calls.json", {}, user).status;
    };
    EXPECT_EQ(status(account.sid + ":" + account.auth_token), 200);
    EXPECT_EQ(status(account.key_sid + ":" + account.key_secret), 200);
    EXPECT_EQ(status(account.sid + ":" + account.key_secret), 401);
    EXPECT_EQ(status(account.key_sid + ":" + account.auth_token), 401);
    EXPECT_EQ(code_of(request("POST", "Calls.json", call_form(), "x:y")), 20003);
    exchange().account().second_token = "new";
    EXPECT_EQ(status(account.sid + ":new"), 200);
}

TEST_F(TwilioRestTest, RefusesCallsWithTheCodeOfWhatIsWrong) {
    const auto code = [&](const std::string& name, const std::string& value) {
        return code_of(request("POST", "Calls.json", with(call_form(), name, value)));
    };
    EXPECT_EQ(code("To", ""), 21201);
    EXPECT_EQ(code("To", "5555550101"), 21211);
    EXPECT_EQ(code("To", "+1555"), 21217);
    EXPECT_EQ(code("To", "+15005550004"), 21216);
    EXPECT_EQ(code("From", ""), 21213);
    EXPECT_EQ(code("From", "mailrota"), 21212);
    EXPECT_EQ(code("Url", ""), 21205);
    EXPECT_EQ(code("Url", "/twiml"), 21205);
    EXPECT_EQ(code("Url", "https://mail_1.example.com/"), 21205);
    EXPECT_EQ(code("StatusCallback", "https://mail_1.example.com/"), 21609);
    EXPECT_EQ(code("StatusCalback", "https://mail.example.com/"), 20001);
    EXPECT_EQ(code("StatusCallbackEvent", "answer"), 20422);
    EXPECT_EQ(code("Method", "PUT"), 21209);
    EXPECT_EQ(code("Timeout", "601"), 21208);
    EXPECT_EQ(code("Timeout", "30s"), 21208);
    EXPECT_EQ(code("Twiml", std::string(4001, 'x')), 32018);
    EXPECT_EQ(code("SendDigits", "1x"), 21206);
    EXPECT_EQ(code("ApplicationSid", "AP" + std::string(32, '0')), 21218);
    EXPECT_EQ(code("MachineDetection", "enable"), 20422);
    EXPECT_EQ(code("ValidityPeriod", "60"), 20001);
    EXPECT_THAT(exchange().calls(), IsEmpty());
    EXPECT_EQ(twilio_.counts().refused, 20U);
}

TEST_F(TwilioRestTest, RefusesMessagesWithTheCodeOfWhatIsWrong) {
    const Fields good = {{"To", somebody}, {"From", ourselves}, {"Body", "hello"}};
    const auto code = [&](const std::string& name, const std::string& value) {
        return code_of(request("POST", "Messages.json", with(good, name, value)));
    };
    EXPECT_EQ(code("To", ""), 21604);
    EXPECT_EQ(code("To", "bob"), 21211);
    EXPECT_EQ(code("To", ourselves), 21266);
    EXPECT_EQ(code("To", "+15005550009"), 21614);
    EXPECT_EQ(code("From", ""), 21603);
    EXPECT_EQ(code("From", "bob"), 21212);
    EXPECT_EQ(code("Body", ""), 21602);
    EXPECT_EQ(code("Body", std::string(1601, 'x')), 21617);
    EXPECT_EQ(code("StatusCallback", "https://mail_1.example.com/"), 21609);
    EXPECT_EQ(code("ValidityPeriod", "0"), 20422);
    EXPECT_THAT(exchange().messages(), IsEmpty());
}

TEST_F(TwilioRestTest, AnAccountMayBeSuspendedOnTrialOrWithoutTheNumber) {
    auto& account = exchange().account();
    account.numbers = {"+15555550777"};
    EXPECT_EQ(code_of(request("POST", "Calls.json", call_form())), 21210);
    account.numbers.clear();
    account.trial = true;
    EXPECT_EQ(code_of(request("POST", "Calls.json", call_form())), 21219);
    account.verified = {somebody};
    EXPECT_EQ(request("POST", "Calls.json", call_form()).status, 201);
    account.status = "suspended";
    EXPECT_EQ(code_of(request("POST", "Calls.json", call_form())), 20005);
}

TEST_F(TwilioRestTest, CallsBeyondTheLimitsAreRefused) {
    auto& account = exchange().account();
    account.most_live = 1;
    const auto first = call(call_form());
    EXPECT_EQ(code_of(request("POST", "Calls.json", call_form())), 10004);
    run();
    EXPECT_EQ(request("POST", "Calls.json", call_form()).status, 201);
    account.most_live = 0;
    account.most_queued = 1;
    EXPECT_EQ(code_of(request("POST", "Calls.json", call_form())), 22005);
}

TEST_F(TwilioRestTest, FaultsSpeakTwiliosWords) {
    const auto fail = [&](Fault::Kind kind, int code = 0) {
        Fault fault;
        fault.kind = kind;
        fault.code = code;
        fault.times = 1;
        faults_.add(fault);
        return request("POST", "Calls.json", call_form());
    };
    EXPECT_EQ(fail(Fault::Kind::rate_limited).status, 429);
    EXPECT_EQ(code_of(fail(Fault::Kind::server_error)), 20500);
    EXPECT_EQ(code_of(fail(Fault::Kind::bad_message, 21215)), 21215);
    EXPECT_THAT(exchange().calls(), IsEmpty());
    Fault lost;
    lost.kind = Fault::Kind::silent;
    lost.after = true;
    faults_.add(lost);
    EXPECT_EQ(request("POST", "Calls.json", call_form()).manner, Reply::Manner::silent);
    EXPECT_THAT(exchange().calls(), SizeIs(1));
}

TEST_F(TwilioRestTest, ListsTheNewestFirstByNumberDayAndPage) {
    const auto first = call(call_form());
    const auto other = call(with(call_form(), "To", "+15555550102"));
    const auto second = call(call_form());
    const auto listed = [&](const Fields& query) {
        std::vector<std::string> sids;
        const auto body = body_of(request("GET", "Calls.json", query));
        for (const auto& one : body.at("calls").as_array()) sids.push_back(text_at(one.as_object(), "sid"));
        return sids;
    };
    EXPECT_THAT(listed({{"To", somebody}}), ElementsAre(second->sid, first->sid));
    EXPECT_THAT(listed({{"StartTime>", "2020-01-31"}}), SizeIs(3));
    EXPECT_THAT(listed({{"StartTime<", "2020-01-31"}}), IsEmpty());
    EXPECT_THAT(listed({{"PageSize", "2"}, {"Page", "1"}}), ElementsAre(first->sid));
    const auto page = body_of(request("GET", "Calls.json", {{"PageSize", "2"}}));
    EXPECT_THAT(text_at(page, "next_page_uri"), testing::HasSubstr("PageToken=PA" + other->sid));
    EXPECT_EQ(code_of(request("GET", "Calls.json", {{"Too", somebody}})), 20001);
    EXPECT_EQ(code_of(request("GET", "Calls.json", {{"StartTime", "yesterday"}})), 20422);
    EXPECT_EQ(code_of(request("GET", "Calls.json", {{"PageSize", "1001"}})), 20422);
}

TEST_F(TwilioRestTest, TheAccountCanBeAskedFor) {
    Request probe;
    const auto& account = exchange().account();
    probe.method = "GET";
    probe.path = "/2010-04-01/Accounts/" + account.sid + ".json";
    probe.headers = {{"Authorization", "Basic " + to_base64(account.key_sid + ":" + account.key_secret)}};
    EXPECT_EQ(text_at(body_of(twilio_.answer(probe)), "status"), "active");
    EXPECT_EQ(code_of(request("GET", "Calls/CA00000000000000000000000000000000.json", {})), 20404);
}

}  // namespace
}  // namespace mailrota::fakes
