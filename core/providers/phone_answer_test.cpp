// What the provider's answers to requests are taken for.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "core/providers/phone_codes.h"
#include "core/providers/phone_fixture.h"

namespace mailrota::providers {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using enum PhoneOutcome;

// The provider's documented codes by what is right to do. Read beside phone_codes.cpp, not copied from it.
const std::map<PhoneOutcome, std::set<int>> documented{
    {number,
     {21201, 21202, 21211, 21214, 21217, 21219, 13223, 13224, 21610, 21612, 21614, 30004, 30005, 30006}},
    {configuration,
     {21203, 21206, 21209, 21210, 21212, 21213, 21215, 21218, 21408, 21606, 21607, 21617, 32018,
      32205, 13227, 30034, 11200, 11205, 11215, 11216, 11750, 12100, 12200, 13521, 15003, 21262}},
    {callback, {21205, 21609}},
    {blocked, {21216, 30007, 32017}},
    {account, {10001, 20003, 20005, 20006, 20008, 20403, 20404, 30002}},
    {temporary, {20429, 10004, 22005, 20500, 30001, 30003, 30008, 14107}},
    {benign, {21220}},
};

// Case 3, and TW-11.
TEST(PhoneAnswer, EachClassOfErrorIsReadByItsCode) {
    std::size_t walked = 0;
    for (const auto& [outcome, codes] : documented) {
        for (const int code : codes) {
            const auto answer = Telephone::read_sent(error_answer(400, code));
            EXPECT_EQ(answer.outcome, outcome) << code;
            EXPECT_EQ(answer.code, code);
            EXPECT_EQ(answer.may_pass, code == 21214 || code == 13224) << code;
            EXPECT_THAT(answer.words, AllOf(HasSubstr(std::to_string(code)), HasSubstr("That is not so")));
            ++walked;
        }
    }
    EXPECT_EQ(phone_codes().size(), walked) << "a code that is not documented";
}

TEST(PhoneAnswer, AnUnknownCodeIsReadByTheStatus) {
    for (const auto& [status, outcome] : std::map<int, PhoneOutcome>{{400, configuration},
                                                                     {401, account},
                                                                     {402, account},
                                                                     {403, account},
                                                                     {404, configuration},
                                                                     {405, configuration},
                                                                     {408, uncertain},
                                                                     {409, uncertain},
                                                                     {415, configuration},
                                                                     {422, configuration},
                                                                     {429, temporary}}) {
        EXPECT_EQ(Telephone::read_sent(error_answer(status, 99999)).outcome, outcome) << status;
        EXPECT_EQ(Telephone::read_sent(answered(status)).outcome, outcome) << status;
        EXPECT_EQ(Telephone::read_sent(answered(status, "<html>x</html>")).outcome, outcome) << status;
    }
    for (const int status : {301, 302, 307, 308})
        EXPECT_EQ(Telephone::read_sent(answered(status)).outcome, configuration) << status;
    for (const int status : {0, 100, 199, 600, 999, -1})
        EXPECT_EQ(Telephone::read_sent(answered(status)).outcome, uncertain) << status;
}

TEST(PhoneAnswer, AnAcceptedRequestNamesWhatItMade) {
    const auto call = Telephone::read_sent(answered(201, R"({"sid":"CA1","status":"queued","price":null})"));
    EXPECT_EQ(call.outcome, accepted);
    EXPECT_EQ(call.provider_id, "CA1");
    EXPECT_EQ(call.status, "queued");
    EXPECT_EQ(Telephone::read_sent(answered(200, R"({"sid":"v3:x","status":"queued"})")).provider_id, "v3:x");
    const auto sms =
        Telephone::read_sent(answered(201, R"({"sid":"SM1","status":"failed","error_code":30006})"));
    EXPECT_EQ(sms.status, "failed");
    EXPECT_EQ(sms.code, 30006);
}

// A proxy's page, half an answer or another interface's: the call may ring all the same.
TEST(PhoneAnswer, GarbageIsNeverSuccess) {
    const std::string whole = R"({"sid":"CA1","status":"queued"})";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(Telephone::read_sent(answered(201, whole.substr(0, size))).outcome, uncertain) << size;
    for (const std::string& body :
         {std::string("<html>Welcome</html>"), std::string("null"), std::string("[]"),
          std::string("\xFF\xFE\0", 3), std::string(R"({"sid":null})"), std::string(R"({"sid":""})"),
          std::string(R"({"sid":17})"), std::string(R"({"sid":"CA\u0000"})"), std::string(R"({"SID":"CA1"})"),
          R"({"sid":")" + std::string(10'000, 'a') + "\"}", std::string(100'000, '['),
          R"({"sid":"CA1","x":")" + std::string(5'000'000, 'x') + "\"}"}) {
        const auto answer = Telephone::read_sent(answered(201, body));
        EXPECT_EQ(answer.outcome, uncertain) << body.substr(0, 40);
        EXPECT_EQ(answer.provider_id, "");
    }
}

// After 5xx the call may ring: also if the body has a code that is temporary elsewhere.
TEST(PhoneAnswer, AServersFaultAfterAPostIsUncertain) {
    for (const int status : {500, 502, 503, 504, 599}) {
        EXPECT_EQ(Telephone::read_sent(answered(status)).outcome, uncertain);
        EXPECT_EQ(Telephone::read_sent(error_answer(status, 20500)).outcome, uncertain);
        EXPECT_EQ(Telephone::read_sent(error_answer(status, 21211)).outcome, uncertain);
        EXPECT_EQ(Telephone::read_sent(answered(status, R"({"sid":"CA1"})")).outcome, uncertain);
    }
}

TEST(PhoneAnswer, TooManyRequestsSayWhenToComeAgain) {
    auto busy = error_answer(429, 20429);
    EXPECT_EQ(Telephone::read_sent(busy).outcome, temporary);
    EXPECT_EQ(Telephone::read_sent(busy).retry_after.count(), 0);
    busy.headers.emplace_back("retry-after", "7");
    EXPECT_EQ(Telephone::read_sent(busy).retry_after.count(), 7);
    EXPECT_EQ(Telephone::read_sent(error_answer(429, 21216)).outcome, temporary) << "nothing was looked at";
}

TEST(PhoneAnswer, WithoutAnAnswerItDependsOnHowFarTheRequestCame) {
    EXPECT_EQ(Telephone::read_failure({false, "could not connect"}).outcome, temporary);
    const auto lost = Telephone::read_failure({true, "no answer\nwithin 15s"});
    EXPECT_EQ(lost.outcome, uncertain);
    EXPECT_EQ(lost.words, "no answer within 15s");
}

TEST(PhoneAnswer, WordsAreOneCleanLine) {
    const auto answer = Telephone::read_sent(
        answered(400, R"({"code":21211,"message":"a\r\nb\u0007 \u0000c)" + std::string(5'000, 'x') + "\"}"));
    EXPECT_THAT(answer.words, HasSubstr("error 21211, HTTP status 400: a b c"));
    EXPECT_LT(answer.words.size(), 500U);
    EXPECT_THAT(answer.words, Each(Not(testing::AnyOf('\n', '\r', '\0', '\x07'))));
    EXPECT_EQ(Telephone::read_sent(answered(502, "<html>")).words, "HTTP status 502 with a page");
    EXPECT_EQ(Telephone::read_sent(answered(400, R"({"code":"21211"})")).outcome, number) << "a code as text";
    EXPECT_EQ(Telephone::read_sent(answered(400, R"({"code":-21211})")).code, 0);
    EXPECT_EQ(Telephone::read_sent(answered(400, R"({"code":99999999999})")).code, 0);
}

TEST(PhoneAnswer, WhatIsOverAlreadyNeedsNoCancelling) {
    EXPECT_EQ(Telephone::read_cancelled(answered(200, R"({"sid":"CA1","status":"canceled"})")).outcome,
              accepted);
    EXPECT_EQ(Telephone::read_cancelled(error_answer(400, 21220)).outcome, benign);
    EXPECT_EQ(Telephone::read_cancelled(error_answer(404, 20404)).outcome, benign);
    EXPECT_EQ(Telephone::read_cancelled(error_answer(400, 30409)).outcome, benign) << "an SMS that is out";
    EXPECT_EQ(Telephone::read_cancelled(error_answer(401, 20003)).outcome, account);
    EXPECT_EQ(Telephone::read_cancelled(answered(404, "<html>")).outcome, configuration);
    EXPECT_EQ(Telephone::read_cancelled(answered(503)).outcome, temporary);
    EXPECT_EQ(Telephone::read_cancelled(answered(200, "{")).outcome, temporary);
    EXPECT_EQ(Telephone::read_cancelled(error_answer(429, 20429)).outcome, temporary);
}

TEST(PhoneAnswer, AProbeTellsTheAccountsState) {
    const auto well =
        Telephone::read_probe(answered(200, R"({"sid":"AC1","status":"active","type":"Full"})"));
    EXPECT_EQ(well.outcome, accepted);
    EXPECT_EQ(well.words, "account AC1, active");
    EXPECT_EQ(Telephone::read_probe(answered(200, R"({"sid":"AC1","status":"suspended"})")).outcome, account);
    EXPECT_EQ(Telephone::read_probe(error_answer(401, 20003)).outcome, account);
    EXPECT_EQ(Telephone::read_probe(answered(200, "<html>")).outcome, temporary);
    EXPECT_EQ(Telephone::read_probe(answered(500)).outcome, temporary);
    EXPECT_EQ(Telephone::read_probe(answered(404, "<html>")).outcome, configuration);
}

}  // namespace
}  // namespace mailrota::providers
