#include "core/wire/handout.h"

#include <gmock/gmock.h>

namespace mailrota::wire {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Outcome = Acknowledgement::Result::Outcome;

const auto noon = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 12h + 1min + 2s;

Lease sample_lease() {
    return {"t0k3n",
            noon,
            {{"id1",
              "ann@example.com",
              {"RET=HDRS"},
              {{"ben@example.com", {"NOTIFY=NEVER", "ORCPT=rfc822;b"}}, {"j\xc3\xb6rg@example.com", {}}},
              1234,
              noon - 1h,
              2},
             {"id2", "", {}, {{"cho@example.com", {}}}, 0, noon, 1}},
            17};
}

TEST(Handout, ReadsWhatItWrites) {
    EXPECT_EQ(read_lease_request(to_json(LeaseRequest{7, 1'000'000})), (LeaseRequest{7, 1'000'000}));
    EXPECT_EQ(read_lease(to_json(sample_lease())), sample_lease());
    EXPECT_EQ(read_lease(to_json(Lease())), Lease());
    const Acknowledgement acknowledgement{"t0k3n",
                                          {{"id1", "ben@example.com", Outcome::delivered, "250 ok"},
                                           {"id1", "j@example.com", Outcome::failed, "550 \"no\"\n"},
                                           {"id2", "cho@example.com", Outcome::deferred, ""}}};
    EXPECT_EQ(read_acknowledgement(to_json(acknowledgement)), acknowledgement);
    EXPECT_EQ(read_acknowledgement_answer(to_json(AcknowledgementAnswer{1, 2, 3, 4})),
              (AcknowledgementAnswer{1, 2, 3, 4}));
    EXPECT_EQ(read_box_status(to_json(BoxStatus{1, 2, 3, noon})), (BoxStatus{1, 2, 3, noon}));
    EXPECT_EQ(read_token(R"({"lease": "t", "more": [1]})"), "t");
}

TEST(Handout, WritesTimesInUtc) {
    EXPECT_THAT(to_json(BoxStatus{0, 0, 0, noon}), HasSubstr(R"("oldest":"2024-02-29T12:01:02Z")"));
}

TEST(Handout, AnEmptyLeaseRequestIsTheDefault) {
    EXPECT_EQ(read_lease_request(" \r\n"), LeaseRequest());
    EXPECT_EQ(read_lease_request("{}"), LeaseRequest());
}

TEST(Handout, WritesValidTextWhateverTheBytes) {
    Lease lease = sample_lease();
    lease.mails[0].sender = "\xff@example.com";
    const auto read = read_lease(to_json(lease));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->mails[0].sender, "\xef\xbf\xbd@example.com");
}

struct Hostile {
    std::string json;
    const char* says;
};

class HostileAcknowledgement : public testing::TestWithParam<Hostile> {};

TEST_P(HostileAcknowledgement, IsRefusedWithAReason) {
    const auto read = read_acknowledgement(GetParam().json);
    ASSERT_FALSE(read) << GetParam().json;
    EXPECT_EQ(read.error().kind, ErrorKind::invalid);
    EXPECT_THAT(read.error().text, HasSubstr(GetParam().says));
}

std::string repeated(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

std::string with_result(const std::string& fields) {
    return R"({"lease":"t","results":[{"id":"i","recipient":"r",)" + fields + "}]}";
}

INSTANTIATE_TEST_SUITE_P(
    Handout, HostileAcknowledgement,
    testing::Values(Hostile{"", "no valid JSON"}, Hostile{"{", "no valid JSON"}, Hostile{"[]", "no object"},
                    Hostile{R"({"lease":"t","results":[]} x)", "no valid JSON"},
                    Hostile{repeated("[", 100'000), "no valid JSON"},
                    Hostile{repeated(R"({"lease":)", 100), "no valid JSON"},
                    Hostile{"{\"lease\":\"\xff\"}", "no valid JSON"},
                    Hostile{R"({"results":[]})", R"("lease" must be there)"},
                    Hostile{R"({"lease":1,"results":[]})", R"("lease" must be text)"},
                    Hostile{R"({"lease":"\u0000","results":[]})", R"("lease" must be text)"},
                    Hostile{R"({"lease":")" + std::string(5000, 'x') + R"(","results":[]})", "4096"},
                    Hostile{R"({"lease":"t"})", R"("results" must be an array)"},
                    Hostile{R"({"lease":"t","results":{}})", R"("results" must be an array)"},
                    Hostile{R"({"lease":"t","results":[1]})", R"("results" must be objects)"},
                    Hostile{R"({"lease":"t","results":[)" + repeated("{},", 10'000) + "{}]}",
                            "at most 10000"},
                    Hostile{with_result(R"("outcome":"great")"), "delivered"},
                    Hostile{with_result(R"("reply":"x")"), R"("outcome" must be there)"},
                    Hostile{with_result(R"("outcome":"failed","reply":5)"), R"("reply" must be text)"}));

TEST(Handout, NumbersAndTimesAreExact) {
    for (const char* count : {"-1", "1.5", "1e300", "\"5\"", "null", "99999999999999999999", "0"}) {
        EXPECT_FALSE(read_lease_request(std::string(R"({"count":)") + count + "}")) << count;
    }
    for (const char* time :
         {"", "2024-02-30T00:00:00Z", "2024-02-29T24:00:00Z", "9999-12-31T23:59:60Z", "2024-02-29T00:00:00",
          "2024-02-29T00:00:00+01:00", "2024-2-29T00:00:00Z", "+024-02-29T00:00:00Z"}) {
        const std::string status =
            R"({"waiting":1,"leased":1,"bytes":1,"oldest":")" + std::string(time) + R"("})";
        EXPECT_FALSE(read_box_status(status)) << time;
    }
}

TEST(Handout, LegacyMailsArePostOfficesArray) {
    EXPECT_EQ(to_json(std::vector<LegacyMail>{}), "[]");
    EXPECT_EQ(to_json(std::vector<LegacyMail>{{"a@b", {"c@d"}, "s", "b\n", "d\xff\r\n", noon}}),
              R"([{"mail_from":"a@b","rcpt_tos":["c@d"],"subject":"s","body":"b\n",)"
              "\"data\":\"d\xef\xbf\xbd\\r\\n\",\"timestamp\":\"2024-02-29T12:01:02Z\"}]");
}

}  // namespace
}  // namespace mailrota::wire
