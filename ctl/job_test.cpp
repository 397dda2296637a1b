#include "ctl/mails_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* bytes =
    "From: Customer <customer@example.net>\r\nTo: orders@example.com\r\n"
    "Subject: =?utf-8?q?An_order?=\r\n\r\nThe body is secret.\r\n";

class JobCommand : public MailsFixture {
  protected:
    void put(const store::Job& job) {
        change([&](auto& transaction) { return transaction.put_job(job, bytes); });
    }
    std::vector<store::Job> claim(int until) {
        std::vector<store::Job> claimed;
        change([&](auto& transaction) {
            auto jobs = transaction.claim_jobs("host/12", at(-1), at(until), 10);
            if (jobs) claimed = *jobs;
            return jobs;
        });
        return claimed;
    }
};

TEST_F(JobCommand, ListShowsWhatWaitsAndWhatFailed) {
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_EQ(out, "no job waits and none has failed\n");
    put(job("a"));
    put(job("b", -2));
    claim(3);
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_EQ(
        out,
        "ID  STATE    KIND     DUE                           ATTEMPTS  ABOUT                              "
        "                       LAST\n"
        "1   waiting  deliver  in 5m                         0         ann@example.com, ben@example.com at "
        "smtp:127.0.0.1:10026\n"
        "2   leased   deliver  lease of host/12 for 3m more  1         ann@example.com, ben@example.com at "
        "smtp:127.0.0.1:10026\n");
    EXPECT_EQ(run({"job", "list", "--limit", "1"}), 0);
    EXPECT_THAT(err, HasSubstr("there are more than these 1"));
}

TEST_F(JobCommand, WhatIsDoneIsListedOnRequest) {
    put(job("a", -2));
    const auto claimed = claim(3);
    change([&](auto& transaction) { return transaction.finish_job(1, claimed.at(0).fence, "250 ok"); });
    EXPECT_EQ(run({"job", "list", "--json"}), 0);
    EXPECT_EQ(out, "[]\n");
    EXPECT_EQ(run({"job", "list", "--all", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("id":1,"key":"a","kind":"deliver")"));
    EXPECT_THAT(out, HasSubstr(R"("state":"done")"));
    EXPECT_EQ(run({"job", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("not kept any more"));
}

TEST_F(JobCommand, ShowHasThePayloadAndTheHeadButNoBody) {
    put(job("a"));
    EXPECT_EQ(run({"job", "show", "1"}), 0);
    EXPECT_EQ(out,
              "JOB 1      deliver\n"
              "state      waiting\n"
              "due        in 5m\n"
              "created    2026-11-20 09:00:00 (1h ago)\n"
              "expires    2026-11-21 10:00:00 (in 1d)\n"
              "attempts   0\n"
              "last       -\n"
              "mail       0123456789abcdef0123456789abcdef\n"
              "key        a\n"
              "to         smtp:127.0.0.1:10026\n"
              "sender     customer@example.net (RET=HDRS)\n"
              "recipient  ann@example.com, offered as orders@example.com (NOTIFY=NEVER)\n"
              "recipient  ben@example.com\n"
              "queue id   4XyZ\n"
              "message    117 bytes\n"
              "From       Customer <customer@example.net>\n"
              "To         orders@example.com\n"
              "Subject    An order\n");
    EXPECT_EQ(run({"job", "show", "1", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("message":{"size":117,"From":["Customer)"));
    EXPECT_THAT(out, Not(HasSubstr("secret")));
    EXPECT_EQ(run({"job", "show", "2"}), 1);
    EXPECT_EQ(err, "mailrota: there is no job 2\n");
}

TEST_F(JobCommand, AJobThatFailedIsTriedAgain) {
    put(job("a", -2));
    const auto claimed = claim(3);
    change([&](auto& transaction) { return transaction.fail_job(1, claimed.at(0).fence, "550 no"); });
    EXPECT_EQ(run({"job", "retry", "1", "9"}), 1);
    EXPECT_EQ(out, "job 1: due now, tried until 2026-11-25 10:00:00\n");
    EXPECT_EQ(err, "mailrota: job 9: there is no such job\n");
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("1   waiting  deliver  now"));
}

TEST_F(JobCommand, DropSaysWhoDoesNotGetTheMail) {
    put(job("a"));
    EXPECT_EQ(run({"job", "drop", "1"}), 0);
    EXPECT_EQ(out, "job 1: dropped; the mail is not delivered to ann@example.com, ben@example.com\n");
    EXPECT_EQ(run({"job", "drop", "1", "--json"}), 1);
    EXPECT_EQ(out, "[{\"id\":1,\"changed\":false,\"text\":\"there is no such job\"}]\n");
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_EQ(out, "no job waits and none has failed\n");
}

TEST_F(JobCommand, WhatAWorkerHasStaysAndItIsSaidWhoHasIt) {
    put(job("a", -2));
    claim(3);
    for (const char* verb : {"retry", "drop"}) {
        EXPECT_EQ(run({"job", verb, "1"}), 1);
        EXPECT_EQ(err, "mailrota: job 1: held by host/12 until 2026-11-20 10:03:00\n");
        EXPECT_THAT(out, IsEmpty());
    }
}

TEST_F(JobCommand, WhatADeadWorkerHadMayBeDropped) {
    put(job("a", -5));
    claim(0);
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("now: the lease of host/12 is over"));
    EXPECT_EQ(run({"job", "drop", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("dropped; the mail is not delivered to"));
}

TEST_F(JobCommand, UsageErrorsEndWithTwo) {
    EXPECT_EQ(run({"job"}), 2);
    EXPECT_EQ(run({"job", "retry"}), 2);
    EXPECT_EQ(run({"job", "show", "first"}), 2);
}

}  // namespace
}  // namespace mailrota::ctl
