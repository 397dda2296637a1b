#include "core/store/mail_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Outcome = JournalEntry::Outcome;

class JournalContract : public StoreTest {
  protected:
    void put(const StoredMail& mail, const std::vector<JournalEntry>& entries) {
        succeed(store_->write({}, [&](Transaction& t) { return t.put_journal(mail, entries); }));
    }
    std::vector<JournalEntry> entries(const std::vector<std::string>& offers) {
        return ask(*store_, [&](Transaction& t) { return t.journal(offers); });
    }
    std::vector<std::string> found(std::string_view id, std::size_t limit = 10) {
        std::vector<std::string> ids;
        for (const auto& mail : ask(*store_, [&](Transaction& t) { return t.find_mails(id, limit); }))
            ids.push_back(mail.id);
        return ids;
    }
    void put_turn(const StoredTurn& turn) {
        succeed(store_->write({turn.rota}, [&](Transaction& t) { return t.put_turn(turn); }));
    }
};
INSTANTIATE_TEST_SUITE_P(Each, JournalContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(JournalContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    const StoredMail mail{odd, odd, odd, odd, odd, odd, 5'000'000'000, at(7)};
    const JournalEntry entry{odd, odd, odd, odd, odd, odd, odd, Outcome::failed, odd, 1, at(-3)};
    put(mail, {entry, some_entry(mail, "plain")});
    EXPECT_THAT(entries({odd}), ElementsAre(entry));
    EXPECT_THAT(ask(*store_, [&](Transaction& t) { return t.find_mails(odd, 1); }), ElementsAre(mail));
    EXPECT_THAT(ask(*store_, [&](Transaction& t) { return t.journal_of(odd); }),
                UnorderedElementsAre(entry, some_entry(mail, "plain")));
}

TEST_P(JournalContract, WrittenAgainIsReplacedAndCounted) {
    const StoredMail mail = some_mail("m1");
    JournalEntry entry = some_entry(mail, "ann", Outcome::deferred);
    put(mail, {entry});
    StoredMail other = mail;
    other.queue_id = "another offer";
    entry.outcome = Outcome::done;
    entry.reply = "250 2.0.0 there now";
    entry.at = at(2000);
    put(other, {entry});
    put(mail, {some_entry(mail, "ben"), entry, entry});  // twice in one write is once
    entry.attempts = 3;
    EXPECT_THAT(entries({entry.offer}), ElementsAre(entry));
    EXPECT_THAT(ask(*store_, [&](Transaction& t) { return t.find_mails("m1", 9); }), ElementsAre(mail));
    EXPECT_THAT(entries({"unknown"}), IsEmpty());
    EXPECT_THAT(entries({}), IsEmpty());
}

TEST_P(JournalContract, WhatIsDoneOrHandedIsNotUnmadeByWhoComesLate) {
    const StoredMail mail = some_mail("m1");
    struct Case {
        Outcome before, after, kept;
    };
    for (const Case& one : {Case{Outcome::done, Outcome::deferred, Outcome::done},
                            Case{Outcome::done, Outcome::failed, Outcome::done},
                            Case{Outcome::done, Outcome::handed, Outcome::done},
                            Case{Outcome::handed, Outcome::deferred, Outcome::handed},
                            Case{Outcome::handed, Outcome::failed, Outcome::failed},
                            Case{Outcome::handed, Outcome::done, Outcome::done},
                            Case{Outcome::failed, Outcome::deferred, Outcome::deferred},
                            Case{Outcome::failed, Outcome::done, Outcome::done},
                            Case{Outcome::deferred, Outcome::failed, Outcome::failed}}) {
        const std::string name = std::string(to_string(one.before)) + " " + std::string(to_string(one.after));
        put(mail, {some_entry(mail, name, one.before)});
        put(mail, {some_entry(mail, name, one.after), some_entry(mail, "other")});
        const auto found = entries({mail.id + "/" + name});
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].outcome, one.kept) << name;
    }
}

TEST_P(JournalContract, AThousandRecipientsAtOnce) {
    const StoredMail mail = some_mail("m1");
    std::vector<JournalEntry> all;
    std::vector<std::string> offers;
    for (int i = 1000; i-- > 0;) {
        all.push_back(some_entry(mail, std::to_string(1000 + i)));
        offers.push_back(all.back().offer);
    }
    put(mail, all);
    offers.push_back(offers.front());  // asked for twice, found once
    EXPECT_THAT(entries(offers), ::testing::UnorderedElementsAreArray(all));
    const auto of = ask(*store_, [&](Transaction& t) { return t.journal_of("m1"); });
    EXPECT_TRUE(std::equal(of.begin(), of.end(), all.rbegin(), all.rend()));  // in order of recipients
}

TEST_P(JournalContract, MailsAreFoundByIdItsBeginningQueueIdAndMessageId) {
    StoredMail one = some_mail("0123456789abcdef0123456789abcdef", 10);
    one.queue_id = "4XyZ";
    StoredMail two = some_mail("01234567ffffffffffffffffffffffff", 20);
    two.queue_id = "4XyZ";
    two.message_id = "two@example.net";
    StoredMail bare = some_mail("ffff", 30);
    bare.queue_id = bare.message_id = "";
    for (const StoredMail& mail : {one, two, bare}) put(mail, {});
    EXPECT_THAT(found(one.id), ElementsAre(one.id));
    EXPECT_THAT(found("01234567"), ElementsAre(two.id, one.id));
    EXPECT_THAT(found("012345678"), ElementsAre(one.id));
    EXPECT_THAT(found("0123456"), IsEmpty());  // too short to be a beginning
    EXPECT_THAT(found("ffff"), ElementsAre("ffff"));
    EXPECT_THAT(found("4XyZ"), ElementsAre(two.id, one.id));
    EXPECT_THAT(found("4XyZ", 1), ElementsAre(two.id));
    EXPECT_THAT(found("two@example.net"), ElementsAre(two.id));
    EXPECT_THAT(found("<two@example.net>"), ElementsAre(two.id));
    for (const char* nothing : {"", "<>", "<", "unknown"}) EXPECT_THAT(found(nothing), IsEmpty()) << nothing;
}

TEST_P(JournalContract, AStoryIsToldInOrderOfTime) {
    const std::string odd = every_byte();
    const StoryLine lines[] = {
        {odd, odd, odd, odd, at(5)}, {odd, "", "leased", "", at(5)}, {odd, "", "", "", at(1)}};
    succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
        for (const StoryLine& line : lines) succeed(t.add_story(line));
        return t.add_story({"other", "", "leased", "", at(2)});
    }));
    EXPECT_THAT(ask(*store_, [&](Transaction& t) { return t.story_of(odd); }),
                ElementsAre(lines[2], lines[0], lines[1]));
}

TEST_P(JournalContract, TurnsAreFoundByKeyQueueIdAndMessageId) {
    StoredTurn other = some_turn("sales", "k1", 2000);
    other.queue_id = "4Other";
    other.message_id = "two@example.com";
    for (const auto& turn : {some_turn("orders", "k1"), other, some_turn("zoo", "k2", 3000)}) put_turn(turn);
    const auto rotas = [](const std::vector<StoredTurn>& turns) {
        std::vector<std::string> names;
        for (const StoredTurn& turn : turns) names.push_back(turn.rota);
        return names;
    };
    const auto find = [&](std::string_view id, std::size_t limit = 10) {
        return rotas(ask(*store_, [&](Transaction& t) { return t.find_turns(id, limit); }));
    };
    const auto of = [&](std::string_view key) {
        return rotas(ask(*store_, [&](Transaction& t) { return t.turns_of(key); }));
    };
    EXPECT_THAT(of("k1"), ElementsAre("orders", "sales"));
    EXPECT_THAT(of("k2"), ElementsAre("zoo"));
    EXPECT_THAT(of("k3"), IsEmpty());
    EXPECT_THAT(find("4XyZ"), ElementsAre("zoo", "orders"));
    EXPECT_THAT(find("4XyZ", 1), ElementsAre("zoo"));
    EXPECT_THAT(find("1@example.com"), ElementsAre("zoo", "orders"));  // stored with brackets
    EXPECT_THAT(find("<two@example.com>"), ElementsAre("sales"));      // stored without
    for (const char* nothing : {"", "<>", "k1"}) EXPECT_THAT(find(nothing), IsEmpty()) << nothing;
}

TEST_P(JournalContract, NoTurnsAreFoundInAnEmptyStore) {
    EXPECT_THAT(ask(*store_, [](Transaction& t) { return t.turns_of("k1"); }), IsEmpty());
}

TEST_P(JournalContract, PurgeForgetsAMailWithItsLastEntry) {
    const StoredMail old = some_mail("old", 10);
    const StoredMail retried = some_mail("retried", 10);
    JournalEntry late = some_entry(retried, "ben");
    late.at = at(100);
    put(old, {some_entry(old, "ann", Outcome::done, 10), some_entry(old, "ben", Outcome::done, 99)});
    put(retried, {some_entry(retried, "ann", Outcome::deferred, 10), late});
    put(some_mail("young", 100), {});
    succeed(store_->write({}, [](Transaction& t) -> Result<void> {
        succeed(t.add_story({"old", "", "leased", "", at(99)}));
        return t.add_story({"retried", "", "leased", "", at(100)});
    }));
    EXPECT_EQ(value_of(store_->purge(at(200), std::chrono::seconds(100))), 4u);
    EXPECT_EQ(value_of(store_->purge(at(200), std::chrono::seconds(100))), 0u);
    EXPECT_THAT(found("old"), IsEmpty());
    EXPECT_THAT(entries({"old/ann", "old/ben"}), IsEmpty());
    EXPECT_THAT(entries({"retried/ann", "retried/ben"}), ::testing::SizeIs(2));
    EXPECT_THAT(found("young"), ElementsAre("young"));
    EXPECT_THAT(ask(*store_, [](Transaction& t) { return t.story_of("old"); }), IsEmpty());
    EXPECT_THAT(ask(*store_, [](Transaction& t) { return t.story_of("retried"); }), ::testing::SizeIs(1));
}

TEST_P(JournalContract, PurgeKeepsAMailThatABoxOrAJobHolds) {
    Job job = some_job("j");
    job.mail = "in a job";
    succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
        for (int i = 0; i < 1200; ++i) succeed(t.put_journal(some_mail("m" + std::to_string(i), 10), {}));
        for (const char* id : {"in a box", "in a job", "free"}) succeed(t.put_journal(some_mail(id, 10), {}));
        succeed(t.put_in_box(some_item("i1", {"ann"}, "in a box"), "bytes"));
        return t.put_job(job, "").map([](bool) {});
    }));
    EXPECT_EQ(value_of(store_->purge(at(10'000), std::chrono::seconds(100))), 1201u);
    EXPECT_THAT(found("in a box"), ElementsAre("in a box"));
    EXPECT_THAT(found("in a job"), ElementsAre("in a job"));
    succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
        succeed(t.drop_item("web", "i1"));
        return t.drop_job(1).map([](bool dropped) { EXPECT_TRUE(dropped); });
    }));
    EXPECT_EQ(value_of(store_->purge(at(10'000), std::chrono::seconds(100))), 2u);
}

}  // namespace
}  // namespace mailrota::store
