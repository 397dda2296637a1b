#include "ctl/relay_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class RelayedMessage : public RelayFixture {
  protected:
    void put_entry(store::JournalEntry::Outcome outcome, const std::string& reply) {
        const auto made = entry("ann@example.com", "relay", "sg", outcome, reply);
        change([&](auto& transaction) { return transaction.put_journal(mail(), {made}); });
    }
    void stand(Type standing, int when) {
        change([&](auto& transaction) {
            return transaction.put_standing(attempt_id, "offer of ann@example.com", standing, at(when));
        });
    }
};

TEST_F(RelayedMessage, HasItsCallsAndEvents) {
    put(call());
    put_entry(store::JournalEntry::Outcome::done, "250 2.0.0 accepted by sg as <sg-1>");
    auto bounced = event(Type::bounced);
    bounced.mta_response = "550 5.1.1 User not found";
    put({bounced});
    settle();
    stand(Type::bounced, -30);
    EXPECT_EQ(run({"message", "show", mail_id}), 0) << err;
    EXPECT_THAT(out, HasSubstr("now       bounced, says sg: 550 5.1.1 User not found\n"));
    EXPECT_THAT(out, HasSubstr("CALL TO  sg\n"
                               "state    accepted\n"
                               "said     202 Accepted\n"
                               "at       2026-11-20 09:00:00, ended 2026-11-20 09:01:00\n"
                               "rota     outbound\n"
                               "attempt  feedfeedfeedfeedfeedfeedfeedfeed\n"
                               "  RECIPIENT        OUTCOME   NOW                          MESSAGE ID  SAID\n"
                               "  ann@example.com  accepted  bounced 2026-11-20 09:30:00  sg-1        -\n"));
    EXPECT_THAT(out, HasSubstr("2026-11-20 09:00:00  call      -                to sg by rota outbound\n"));
    EXPECT_THAT(out, HasSubstr("2026-11-20 09:01:00  accepted  -                sg: 202 Accepted\n"));
    EXPECT_THAT(out, HasSubstr("2026-11-20 09:30:00  bounced   ann@example.com  says sg: 550 5.1.1 User not "
                               "found\n"));
    EXPECT_EQ(run({"message", "show", mail_id, "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("now":{"kind":"lost","text":"bounced, says sg)"));
    EXPECT_THAT(out, HasSubstr(R"("attempts":[{"id":"feedfeedfeedfeedfeedfeedfeedfeed","provider":"sg",)"));
    EXPECT_THAT(out, HasSubstr(R"("message_id":"sg-1","words":"","standing":"bounced")"));
    EXPECT_THAT(out, HasSubstr(R"("events":[{"seq":1,"provider":"sg")"));
}

TEST_F(RelayedMessage, ItsStandingIsWhatTheProviderToldLast) {
    put(call());
    put_entry(store::JournalEntry::Outcome::done, "250 2.0.0 accepted");
    EXPECT_EQ(run({"message", "show", mail_id}), 0);
    EXPECT_THAT(out, HasSubstr("now       accepted by sg, which has told nothing of it since\n"));
    EXPECT_THAT(out, HasSubstr("no event yet"));
    stand(Type::deferred, -30);
    EXPECT_EQ(run({"message", "show", mail_id, "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("now":{"kind":"waits","text":"deferred, says sg"})"));
    stand(Type::delivered, -20);
    EXPECT_EQ(run({"message", "show", mail_id, "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("now":{"kind":"settled","text":"delivered, says sg"})"));
}

TEST_F(RelayedMessage, ACallWithoutAnAnswerIsShownWithoutAJournal) {
    put(call(Attempt::State::begun));
    EXPECT_EQ(run({"message", "show", mail_id}), 0);
    EXPECT_THAT(out, HasSubstr("state    begun: no answer is known\n"));
    EXPECT_THAT(out, HasSubstr("ann@example.com  open     -    -           -\n"));
}

TEST_F(RelayedMessage, WhatTheMtaWillOfferAgainWaitsWithIt) {
    put(call(Attempt::State::uncertain));
    put_entry(store::JournalEntry::Outcome::deferred, "451 4.4.2 nobody knows");
    EXPECT_EQ(run({"message", "show", mail_id}), 0);
    EXPECT_THAT(out, HasSubstr("now       waits in the MTA's queue"));
    EXPECT_THAT(out, HasSubstr("state    uncertain: nobody knows whether it has the mail\n"));
}

TEST_F(RelayedMessage, TheWorkersJobNamesTheRota) {
    runtime::DeliverJob delivery;
    delivery.sender = "customer@example.net";
    delivery.recipients = {{"ann@example.com", "ann@example.com", {}, "offer of ann@example.com"}};
    delivery.rota = "outbound";
    auto made = job("relay a");
    made.kind = runtime::relay_kind;
    made.payload = runtime::to_json(delivery);
    change([&](auto& transaction) { return transaction.put_job(made, "Subject: x\r\n\r\nx\r\n"); });
    put_entry(store::JournalEntry::Outcome::handed, "250 2.0.0 queued");
    EXPECT_EQ(run({"message", "show", mail_id}), 0);
    EXPECT_THAT(out, HasSubstr("now       waits for the worker: job 1, due in 5m\n"));
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("ann@example.com by rota outbound"));
    EXPECT_EQ(run({"job", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("to         rota outbound\n"));
    EXPECT_EQ(run({"job", "show", "1", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("rota":"outbound")"));
    EXPECT_THAT(out, Not(HasSubstr("endpoint")));
    EXPECT_EQ(run({"job", "drop", "1"}), 0);
    EXPECT_EQ(out, "job 1: dropped; the mail is not delivered to ann@example.com\n");
}

TEST_F(RelayedMessage, AJobOfEventsIsNoMail) {
    auto made = job("events 3-4 1795168800");
    made.kind = "event";
    made.mail.clear();
    made.payload = R"({"command":true,"url":false})";
    change([&](auto& transaction) { return transaction.put_job(made, "{\"a\":1}\n{\"b\":2}\n"); });
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("events 3-4 to be handed on"));
    EXPECT_EQ(run({"job", "show", "1"}), 0);
    EXPECT_THAT(out, HasSubstr("events    2\n"));
    EXPECT_THAT(out, Not(HasSubstr("message")));
    EXPECT_EQ(run({"job", "drop", "1"}), 0);
    EXPECT_EQ(out, "job 1: dropped; events 3-4 to be handed on (mailrota event replay does it again)\n");
}

}  // namespace
}  // namespace mailrota::ctl
