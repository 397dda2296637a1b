#include "core/runtime/incident_notice.h"

#include "core/mail/notice_mark.h"
#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class IncidentNoticeTest : public testing::Test {
  protected:
    IncidentNoticeTest() {
        incident.number = 17;
        incident.alert = "emergency";
        incident.key = "disk 1";
        incident.say = "The disk is full.";
    }
    std::optional<NewJob> notice() const {
        return incident_notice(incident, addresses, told, {{}, "mx.example.com", secret}, start);
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        const std::string bytes = notice()->bytes;
        for (std::size_t at = 0, end = 0; at < bytes.size(); at = end + 2) {
            end = std::min(bytes.find("\r\n", at), bytes.size());
            lines.push_back(bytes.substr(at, end - at));
        }
        return lines;
    }

    policy::Incident incident;
    std::vector<std::string> addresses{"ops@example.com", "boss@example.com"};
    std::vector<store::IncidentLine> told{{17, "call", "step 1 of 2: call to ann", start}};
};

TEST_F(IncidentNoticeTest, ItIsAMailFromNobodyToTheFallback) {
    const auto made = notice();
    ASSERT_TRUE(made);
    const auto job = read_deliver_job(made->job.payload).value();
    EXPECT_EQ(job.sender, "");
    ASSERT_THAT(job.recipients, SizeIs(2));
    EXPECT_EQ(job.recipients[1].address, "boss@example.com");
    const auto message = mail::Message::from_bytes(made->bytes);
    EXPECT_EQ(message.subject(), "Nobody was reached for incident 17 (emergency)");
    EXPECT_THAT(made->bytes, HasSubstr("\r\nAuto-Submitted: auto-generated\r\n"));
    EXPECT_THAT(made->bytes, HasSubstr("\r\nMessage-ID: <incident-17-1@mx.example.com>\r\n"));
    EXPECT_THAT(made->bytes, HasSubstr("mailrota incident ack 17\r\n"));
    EXPECT_THAT(made->bytes, HasSubstr("  call\r\n    step 1 of 2: call to ann\r\n"));
}

TEST_F(IncidentNoticeTest, ItIsOneJobForEachEscalation) {
    const auto first = notice()->job.key;
    EXPECT_EQ(notice()->job.key, first);
    incident.escalations = 2;
    EXPECT_NE(notice()->job.key, first);
}

TEST_F(IncidentNoticeTest, ItsTraceSaysThatItRaisesNothing) {
    const auto trace = mail::read_trace(mail::Message::from_bytes(notice()->bytes), secret);
    EXPECT_THAT(trace.rotas, ElementsAre(mail::notice_mark));
}

TEST_F(IncidentNoticeTest, WhateverAMailSaidItsLinesAreThoseOfAMail) {
    incident.say = std::string(7000, 'x') + "\r\nBcc: all@example.com\r\n" + std::string(3000, '\xFF');
    incident.key = "a\nb";
    told.assign(1000, {17, "noted", "by \x1b[31m\r\n.\r\n" + std::string(2000, 'y'), start});
    const auto all = lines();
    EXPECT_THAT(all,
                Each(testing::ResultOf([](const auto& line) { return line.size(); }, testing::Lt(999U))));
    EXPECT_THAT(all, Not(testing::Contains(testing::StartsWith("Bcc:"))));
    EXPECT_THAT(all, Not(testing::Contains(".")));
    EXPECT_THAT(all, testing::Contains("800 earlier lines are left out."));
    for (const auto& line : all) EXPECT_EQ(line.find_first_of("\r\n\x1b\xFF"), std::string::npos) << line;
}

TEST_F(IncidentNoticeTest, WithoutAddressesThereIsNone) {
    addresses.clear();
    EXPECT_FALSE(notice());
}

}  // namespace
}  // namespace mailrota::runtime::fixture
