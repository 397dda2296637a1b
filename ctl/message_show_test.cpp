#include "ctl/mails_fixture.h"

namespace mailrota::ctl {
namespace {

using store::JournalEntry;
using testing::HasSubstr;
using testing::Not;
using Outcome = JournalEntry::Outcome;

class MessageCommand : public MailsFixture {
  protected:
    void put(const std::vector<JournalEntry>& entries, const store::StoredMail& of) {
        change([&](auto& transaction) { return transaction.put_journal(of, entries); });
    }
    void tell(const std::string& recipient, const std::string& event, const std::string& text, int when) {
        change([&](auto& transaction) {
            return transaction.add_story({mail_id, recipient, event, text, at(when)});
        });
    }
    void turn(const std::string& key, const std::string& queue_id, const std::string& message_id) {
        change([&](auto& transaction) {
            return transaction.put_turn({"orders",
                                         key,
                                         {"ann@example.com"},
                                         {"ann@example.com"},
                                         "turn",
                                         queue_id,
                                         message_id,
                                         at(-60)});
        });
    }
    JournalEntry kept() const {
        auto made =
            entry("ann@example.com", "keep", "lmtp:unix:/run/dovecot/lmtp", Outcome::done, "250 2.0.0 saved");
        made.why = "no rule";
        return made;
    }
    JournalEntry boxed() const {
        auto made =
            entry("web@example.com", "spool", "box web", Outcome::done, "250 2.0.0 Ok: kept in box web");
        made.rule = "to the web";
        return made;
    }
};

TEST_F(MessageCommand, TellsTheWholeStory) {
    put({kept(), boxed()}, mail());
    turn("key", "4XyZ", "<1@example.net>");
    change([&](auto& transaction) { return transaction.put_in_box(item("i1", "web@example.com"), "x"); });
    tell("", "leased", "box web to puller.example.net", -30);
    tell("web@example.com", "acknowledged", "deferred by puller.example.net: 451 4.2.0 later", -29);
    EXPECT_EQ(run({"message", "show", "01234567"}), 0);
    EXPECT_EQ(
        out,
        "MAIL        0123456789abcdef0123456789abcdef\n"
        "from        customer@example.net\n"
        "Message-ID  <1@example.net>\n"
        "queue id    4XyZ\n"
        "arrived     2026-11-20 09:00:00 (1h ago) by listener mailbox\n"
        "size        4.1 KB\n"
        "\n"
        "TO        ann@example.com\n"
        "now       delivered\n"
        "route     keep to lmtp:unix:/run/dovecot/lmtp\n"
        "why       no rule\n"
        "answered  250 2.0.0 saved\n"
        "at        2026-11-20 09:00:00\n"
        "\n"
        "TO        web@example.com\n"
        "now       waits in box web: free\n"
        "route     spool to box web\n"
        "why       rule to the web\n"
        "answered  250 2.0.0 Ok: kept in box web\n"
        "at        2026-11-20 09:00:00\n"
        "\n"
        "TIME                 EVENT         RECIPIENT        WHAT\n"
        "2026-11-20 09:00:00  arrived       -                by listener mailbox\n"
        "2026-11-20 09:00:00  turn          -                rota orders: ann@example.com (turn)\n"
        "2026-11-20 09:00:00  done          ann@example.com  keep to lmtp:unix:/run/dovecot/lmtp: 250 2.0.0 "
        "saved\n"
        "2026-11-20 09:00:00  done          web@example.com  spool to box web: 250 2.0.0 Ok: kept in box "
        "web\n"
        "2026-11-20 09:30:00  leased        -                box web to puller.example.net\n"
        "2026-11-20 09:31:00  acknowledged  web@example.com  deferred by puller.example.net: 451 4.2.0 "
        "later\n"
        "\n"
        "WAITS       STATE  EXPIRES                      TRIES  FOR              LAST\n"
        "in box web  free   2026-11-21 10:00:00 (in 1d)  0      web@example.com  -\n");
}

TEST_F(MessageCommand, EachOfItsNamesFindsIt) {
    put({kept()}, mail());
    for (const char* id : {mail_id, "01234567", "4XyZ", "1@example.net", "<1@example.net>"}) {
        EXPECT_EQ(run({"message", "show", id}), 0) << id;
        EXPECT_THAT(out, HasSubstr(mail_id));
    }
}

TEST_F(MessageCommand, WhatThePullerSaidLastIsHowItStands) {
    put({boxed()}, mail());
    tell("web@example.com", "acknowledged", "delivered by puller.example.net: 250 ok", -20);
    EXPECT_EQ(run({"message", "show", mail_id}), 0);
    EXPECT_THAT(out, HasSubstr("now       delivered by puller.example.net: 250 ok\n"));
    EXPECT_THAT(out, HasSubstr("nothing of it waits in a box or for the worker\n"));
    tell("", "expired", "in box web; customer@example.net is told", -10);
    EXPECT_EQ(run({"message", "show", mail_id, "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("now":{"kind":"settled","text":"delivered by puller)"))
        << "what expired later was another's";
}

TEST_F(MessageCommand, WhatTheWorkerHasIsShownWithItsJob) {
    auto handed =
        entry("ben@example.com", "keep", "smtp:127.0.0.1:10026", Outcome::handed, "250 2.0.0 queued");
    put({handed}, mail());
    change([&](auto& transaction) { return transaction.put_job(job("a"), "x"); });
    EXPECT_EQ(run({"message", "show", "4XyZ"}), 0);
    EXPECT_THAT(out, HasSubstr("now       waits for the worker: job 1, due in 5m\n"));
    EXPECT_THAT(out, HasSubstr("job 1  due in 5m"));
    EXPECT_EQ(run({"job", "drop", "1"}), 0);
    EXPECT_EQ(run({"message", "show", "4XyZ"}), 0);
    EXPECT_THAT(out, HasSubstr("now       dropped: by hand, job 1: ann@example.com, ben@example.com"));
}

TEST_F(MessageCommand, AMailThatOnlyTheMilterSawHasItsTurns) {
    turn("other key", "5MiLt", "<2@example.net>");
    EXPECT_EQ(run({"message", "show", "2@example.net"}), 0);
    EXPECT_THAT(out, HasSubstr("MAIL        seen by the milter"));
    EXPECT_THAT(out, HasSubstr("turn   -          rota orders: ann@example.com (turn)"));
    EXPECT_EQ(run({"message", "show", "5MiLt", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"([{"seen_by":"milter","queue_id":"5MiLt","message_id":"2@example.net")"));
}

TEST_F(MessageCommand, ATurnOfTheMilterBelongsToTheMailOfTheSameNames) {
    auto without_turn = mail();
    without_turn.message_key.clear();
    put({kept()}, without_turn);
    turn("other key", "4XyZ", "<1@example.net>");
    EXPECT_EQ(run({"message", "show", "4XyZ"}), 0);
    EXPECT_THAT(out, HasSubstr("rota orders: ann@example.com (turn)"));
    EXPECT_THAT(out, Not(HasSubstr("seen by the milter")));
}

TEST_F(MessageCommand, OfSeveralTheNewestTwentyAreShown) {
    for (int i = 10; i < 32; ++i) {
        auto one = mail("aaaaaaaa" + std::to_string(i));
        one.message_key.clear();
        one.arrived = at(i - 100);
        auto entry_of_it = kept();
        entry_of_it.offer += std::to_string(i);
        put({entry_of_it}, one);
    }
    EXPECT_EQ(run({"message", "show", "4XyZ"}), 0);
    EXPECT_THAT(out, testing::StartsWith("MAIL        aaaaaaaa31\n"));
    EXPECT_THAT(out, HasSubstr("aaaaaaaa12"));
    EXPECT_THAT(out, Not(HasSubstr("aaaaaaaa11")));
    EXPECT_EQ(err, "mailrota: these are the newest 20; there are more\n");
}

TEST_F(MessageCommand, WhatIsNotFoundEndsWithOneAndAHint) {
    EXPECT_EQ(run({"message", "show", "nope"}), 1);
    EXPECT_THAT(err, HasSubstr("no mail is known by \"nope\"; mails are kept for 7d (store.keep)"));
    EXPECT_THAT(err, HasSubstr("lmtp_send_xforward_command = yes"));
}

}  // namespace
}  // namespace mailrota::ctl
