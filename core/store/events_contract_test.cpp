#include "core/store/relay_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Filter = Events::Filter;
using Type = mail::MailEvent::Type;

class EventsContract : public StoreTest {
  protected:
    std::size_t put(const std::vector<mail::MailEvent>& events, const std::string& provider = "sendgrid",
                    std::int64_t received = 1000) {
        return change(*store_, [&](Transaction& t) { return t.put_events(provider, events, at(received)); });
    }
    std::vector<StoredEvent> unsettled(std::size_t limit = 10'000) {
        return change(*store_, [&](Transaction& t) { return t.unsettled_events(limit); });
    }
    void settle(const std::vector<Events::Settled>& events) {
        succeed(store_->write({}, [&](Transaction& t) { return t.settle_events(events); }));
    }
    std::vector<std::string> found(const Filter& filter, std::size_t limit = 10) {
        return ids_of(ask(*store_, [&](Transaction& t) { return t.find_events(filter, limit); }));
    }
    std::vector<std::string> of(const std::string& mail) {
        return ids_of(ask(*store_, [&](Transaction& t) { return t.events_of(mail); }));
    }
    bool first_use(const std::string& provider, const std::string& token, std::int64_t until) {
        return change(*store_, [&](Transaction& t) { return t.use_token(provider, token, at(until)); });
    }
};
INSTANTIATE_TEST_SUITE_P(Each, EventsContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(EventsContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    mail::MailEvent event;
    event.type = Type::bounced;
    event.reason = mail::MailEvent::Reason::timed_out;
    event.soft = true;
    event.id = event.attempt = event.message_id = event.recipient = event.description = odd;
    event.mta_response = event.click_url = event.user_agent = event.native = event.raw = odd;
    event.at = at(-9);
    event.tags = {odd, "", "b"};
    event.metadata = {{odd, odd}, {"", ""}, {"name", "value"}};
    EXPECT_EQ(put({event}, odd, 77), 1u);
    StoredEvent stored{.seq = 1, .provider = odd, .event = event, .received = at(77), .mail = ""};
    EXPECT_THAT(unsettled(), ElementsAre(stored));
    settle({{1, odd}});
    stored.settled = true;
    stored.mail = odd;
    EXPECT_THAT(ask(*store_, [&](Transaction& t) { return t.events_of(odd); }), ElementsAre(stored));
    EXPECT_THAT(ask(*store_, [](Transaction& t) { return t.find_events({}, 1); }), ElementsAre(stored));
}

TEST_P(EventsContract, AnEventIsKeptOnceHoweverOftenItComes) {
    mail::MailEvent again = some_event("e1");
    again.type = Type::bounced;
    EXPECT_EQ(put({some_event("e1"), again, some_event("e2"), some_event("e1")}), 2u);
    EXPECT_EQ(put({again, some_event("e3")}), 1u);
    EXPECT_EQ(put({some_event("e1")}, "mailgun"), 1u);
    EXPECT_EQ(put({}), 0u);
    const auto all = unsettled();
    EXPECT_THAT(ids_of(all), ElementsAre("e1", "e2", "e3", "e1"));
    EXPECT_EQ(all[0].event.type, Type::delivered);
    EXPECT_EQ(all[3].provider, "mailgun");
}

TEST_P(EventsContract, ABatchOfThousands) {
    std::vector<mail::MailEvent> batch;
    for (int i = 0; i < 3000; ++i) batch.push_back(some_event("e" + std::to_string(i % 2500)));
    EXPECT_EQ(put(batch), 2500u);
    EXPECT_EQ(put(batch), 0u);
    const auto all = unsettled();
    EXPECT_EQ(all.size(), 2500u);
    std::vector<Events::Settled> settled;
    for (const StoredEvent& event : all) settled.push_back({event.seq, event.seq % 2 ? "m1" : ""});
    settle(settled);
    EXPECT_THAT(unsettled(), IsEmpty());
    EXPECT_EQ(of("m1").size(), 1250u);
}

TEST_P(EventsContract, TheOldestThatAreNotSettledComeFirstUntilTheyAre) {
    put({some_event("late", 9), some_event("early", 1), some_event("third", 5)});
    EXPECT_THAT(ids_of(unsettled(2)), ElementsAre("late", "early"));
    settle({{2, ""}, {1, "m1"}, {99, "m1"}});
    EXPECT_THAT(ids_of(unsettled(2)), ElementsAre("third"));
    EXPECT_THAT(of("m1"), ElementsAre("late"));
    EXPECT_THAT(of(""), IsEmpty());
    const auto again = change(*store_, [](Transaction& t) { return t.unsettle_events({1, 2, 99}); });
    EXPECT_EQ(again, 2u);
    EXPECT_THAT(ids_of(unsettled()), ElementsAre("late", "early", "third"));
    EXPECT_EQ(unsettled()[0].mail, "m1");
}

TEST_P(EventsContract, EventsOfAMailAreToldInOrderOfTime) {
    put({some_event("c", 30), some_event("a", 10), some_event("b1", 20), some_event("b2", 20)});
    settle({{1, "m1"}, {2, "m1"}, {3, "m1"}, {4, "m1"}});
    EXPECT_THAT(of("m1"), ElementsAre("a", "b1", "b2", "c"));
    EXPECT_THAT(of("m2"), IsEmpty());
}

TEST_P(EventsContract, PeopleFindTheNewestOfWhatTheyAskFor) {
    mail::MailEvent bounce = some_event("bounce");
    bounce.type = Type::bounced;
    bounce.recipient = "Ben@Example.com";
    put({some_event("e1"), bounce}, "sendgrid", 100);
    put({some_event("e3")}, "mailgun", 200);
    EXPECT_THAT(found({}), ElementsAre("e3", "bounce", "e1"));
    EXPECT_THAT(found({}, 2), ElementsAre("e3", "bounce"));
    EXPECT_THAT(found({.provider = "sendgrid", .recipient = "", .type = {}, .since = {}}),
                ElementsAre("bounce", "e1"));
    for (const char* ben : {"ben@example.com", "<Ben@example.COM>"})
        EXPECT_THAT(found({.provider = "", .recipient = ben, .type = {}, .since = {}}),
                    ElementsAre("bounce"));
    EXPECT_THAT(found({.provider = "", .recipient = "", .type = Type::bounced, .since = {}}),
                ElementsAre("bounce"));
    EXPECT_THAT(found({.provider = "", .recipient = "", .type = {}, .since = at(101)}), ElementsAre("e3"));
    EXPECT_THAT(found({.provider = "sendgrid",
                       .recipient = "ann@example.com",
                       .type = Type::delivered,
                       .since = at(100)}),
                ElementsAre("e1"));
    EXPECT_THAT(found({.provider = "mailgun", .recipient = "", .type = Type::bounced, .since = {}}),
                IsEmpty());
}

TEST_P(EventsContract, ATokenIsUsedOnceUntilItIsOver) {
    EXPECT_TRUE(first_use("mailgun", "t1", 2000));
    EXPECT_FALSE(first_use("mailgun", "t1", 9000));
    EXPECT_TRUE(first_use("sendgrid", "t1", 2001));
    EXPECT_EQ(value_of(store_->purge(at(2000), std::chrono::hours(1))), 1u);
    EXPECT_TRUE(first_use("mailgun", "t1", 9000));
    EXPECT_FALSE(first_use("sendgrid", "t1", 9000));
}

TEST_P(EventsContract, EventsAreForgottenAfterTheyWereReceived) {
    std::vector<mail::MailEvent> old;
    for (int i = 0; i < 1100; ++i) old.push_back(some_event("e" + std::to_string(i), 5000));
    put(old, "sendgrid", 99);
    put({some_event("young", 1)}, "sendgrid", 100);
    EXPECT_EQ(value_of(store_->purge(at(200), std::chrono::seconds(100))), 1100u);
    EXPECT_THAT(found({}), ElementsAre("young"));
    EXPECT_EQ(put({some_event("e0")}), 1u);
}

TEST_P(EventsContract, AReadWritesNothingAndMayLook) {
    put({some_event("e1")});
    EXPECT_THAT(ids_of(ask(*store_, [](Transaction& t) { return t.unsettled_events(9); })),
                ElementsAre("e1"));
    expect_error(store_->read([](Transaction& t) {
        return t.put_events("sendgrid", {some_event("e2")}, at(1)).map([](std::size_t) {});
    }),
                 ErrorKind::invalid, "read");
    expect_error(
        store_->read([](Transaction& t) { return t.use_token("mailgun", "t", at(1)).map([](bool) {}); }),
        ErrorKind::invalid, "read");
}

}  // namespace
}  // namespace mailrota::store
