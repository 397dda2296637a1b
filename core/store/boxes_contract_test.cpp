#include "core/store/mail_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Outcome = BoxResult::Outcome;
using State = BoxRecipient::State;

constexpr std::uint64_t any_size = 1'000'000'000;

class BoxesContract : public StoreTest {
  protected:
    void put(const BoxItem& item, const std::string& bytes = "bytes") {
        succeed(store_->write({}, [&](Transaction& t) { return t.put_in_box(item, bytes); }));
    }
    std::vector<BoxItem> lease(const std::string& token, std::int64_t now, std::int64_t until,
                               std::size_t count = 50, std::uint64_t bytes = any_size) {
        return change(*store_, [&](Transaction& t) {
            return t.lease_box("web", count, bytes, token, at(now), at(until));
        });
    }
    std::vector<std::string> leased(const std::string& token, std::int64_t now, std::int64_t until,
                                    std::size_t count = 50, std::uint64_t bytes = any_size) {
        return ids(lease(token, now, until, count, bytes));
    }
    static std::vector<std::string> ids(const std::vector<BoxItem>& items) {
        std::vector<std::string> found;
        for (const BoxItem& item : items) found.push_back(item.id);
        return found;
    }
    Acknowledged say(const std::string& token, const std::string& item, const std::string& recipient,
                     Outcome outcome, std::int64_t due = 0, const std::string& box = "web") {
        return change(*store_, [&](Transaction& t) {
            return t.acknowledge(box, token, {item, recipient, outcome, "said"}, at(due));
        });
    }
    BoxItem item(const std::string& id) {
        return ask(*store_, [&](Transaction& t) { return t.box_item("web", id); });
    }
    std::vector<std::string> all() {
        return ids(ask(*store_, [](Transaction& t) { return t.box_items("web", 100); }));
    }
    std::string bytes(const std::string& id) {
        return ask(*store_, [&](Transaction& t) { return t.box_bytes("web", id); });
    }
};
INSTANTIATE_TEST_SUITE_P(Each, BoxesContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(BoxesContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    BoxItem whole = some_item(odd);
    whole.mail = whole.sender = odd;
    whole.sender_parameters = {odd, "", odd};
    whole.recipients = {{odd, {odd, ""}, State::waiting, odd}, {"", {}, State::failed, ""}};
    whole.size = 5'000'000'000;
    put(whole, odd);
    EXPECT_EQ(item(odd), whole);
    EXPECT_EQ(bytes(odd), odd);
}

TEST_P(BoxesContract, TwentyMegabytesAndNoneComeBack) {
    std::string large(20'000'000, 'x');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
    put(some_item("large"), large);
    put(some_item("empty"), "");
    EXPECT_TRUE(bytes("large") == large);  // not EXPECT_EQ: it would print them
    EXPECT_EQ(bytes("empty"), "");
}

TEST_P(BoxesContract, PutAgainIsTheSameItem) {
    put(some_item("i1"), "first");
    BoxItem again = some_item("i1", {"ben"});
    put(again, "second");
    EXPECT_THAT(all(), ElementsAre("i1"));
    EXPECT_EQ(item("i1"), some_item("i1"));
    EXPECT_EQ(bytes("i1"), "first");
}

TEST_P(BoxesContract, WhatIsNotThereIsAnError) {
    BoxItem other = some_item("i1");
    other.box = "other";
    put(other);
    const auto missing = [&](auto question) {
        expect_error(store_->read([&](Transaction& t) { return question(t).map([](const auto&) {}); }),
                     ErrorKind::invalid, "has no item of that id");
    };
    for (const char* id : {"i1", "i2", ""}) {
        missing([&](Transaction& t) { return t.box_item("web", id); });
        missing([&](Transaction& t) { return t.box_bytes("web", id); });
    }
    succeed(store_->write({}, [](Transaction& t) { return t.drop_item("web", "i1"); }));  // of another box
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.box_bytes("other", "i1"); }), "bytes");
    EXPECT_THAT(leased("t1", 1000, 2000), IsEmpty());
}

TEST_P(BoxesContract, TheOldestIsLeasedFirstAndNothingTwice) {
    for (const char* id : {"c", "a", "b"}) put(some_item(id));
    EXPECT_THAT(leased("t1", 1000, 2000, 2), ElementsAre("c", "a"));
    EXPECT_THAT(leased("t2", 1000, 2000), ElementsAre("b"));
    EXPECT_THAT(leased("t3", 1000, 2000), IsEmpty());
    EXPECT_THAT(leased("t3", 1000, 2000, 0), IsEmpty());
    EXPECT_EQ(item("a").lease, "t1");
    EXPECT_EQ(item("a").leases, 1);
    EXPECT_EQ(item("a").leased_until, at(2000));
}

TEST_P(BoxesContract, ALeaseThatEndedIsFreeAgain) {
    for (const char* id : {"a", "b"}) put(some_item(id));
    EXPECT_THAT(leased("t1", 1000, 2000, 1), ElementsAre("a"));
    EXPECT_THAT(leased("t2", 1999, 3000), ElementsAre("b"));
    const auto again = lease("t3", 2000, 4000);
    EXPECT_THAT(ids(again), ElementsAre("a"));
    EXPECT_EQ(again.at(0).leases, 2);
    EXPECT_EQ(again.at(0), item("a"));
}

TEST_P(BoxesContract, ByteLimitsHoldButForTheFirst) {
    for (const auto& [id, size] : {std::pair("a", 100), {"b", 60}, {"c", 50}, {"d", 1}}) {
        BoxItem sized = some_item(id);
        sized.size = static_cast<std::uint64_t>(size);
        put(sized);
    }
    EXPECT_THAT(leased("t1", 1000, 2000, 50, 99), ElementsAre("a"));
    EXPECT_THAT(leased("t2", 1000, 2000, 50, 109), ElementsAre("b"));  // "d" would fit, but not in its turn
    EXPECT_THAT(leased("t3", 1000, 2000, 50, 51), ElementsAre("c", "d"));
}

TEST_P(BoxesContract, ThousandsComeOutInOrder) {
    const int total = GetParam() == "sqlite" ? 10'000 : 2'000;
    succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
        for (int i = 0; i < total; ++i) succeed(t.put_in_box(some_item(std::to_string(i)), "bytes"));
        return {};
    }));
    for (int next = 0; next < total;) {
        const auto items = leased("t" + std::to_string(next), 1000, 2000, 100);
        ASSERT_EQ(items.size(), 100u);
        for (const std::string& id : items) ASSERT_EQ(id, std::to_string(next++));
    }
    EXPECT_THAT(leased("late", 1000, 2000), IsEmpty());
}

TEST_P(BoxesContract, LeasesAreRenewedAndGivenBack) {
    for (const char* id : {"a", "b", "c"}) put(some_item(id));
    lease("t1", 1000, 2000, 2);
    const auto renew = [&](std::string_view token, std::string_view box = "web") {
        return change(*store_, [&](Transaction& t) { return t.renew_lease(box, token, at(3000)); });
    };
    const auto end = [&](std::string_view token, std::string_view box = "web") {
        return change(*store_, [&](Transaction& t) { return t.end_lease(box, token, at(1500)); });
    };
    EXPECT_EQ(renew("t1"), 2u);
    EXPECT_EQ(renew("t1", "other") + renew("t0") + renew("") + end("t1", "other") + end("t0") + end(""), 0u);
    EXPECT_THAT(leased("t2", 2500, 4000), ElementsAre("c"));
    EXPECT_EQ(say("t1", "a", "ann", Outcome::delivered), Acknowledged::taken);
    EXPECT_EQ(end("t1"), 1u);
    EXPECT_EQ(end("t1") + renew("t1"), 0u);
    EXPECT_EQ(item("b").lease, "");
    EXPECT_THAT(leased("t3", 1499, 4000), IsEmpty());
    EXPECT_THAT(leased("t3", 1500, 4000), ElementsAre("b"));
}

TEST_P(BoxesContract, TheLastRecipientTakesItemAndBytesWithIt) {
    put(some_item("i1", {"ann", "ben", "cho"}));
    lease("t1", 1000, 2000);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::delivered), Acknowledged::taken);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::delivered), Acknowledged::repeated);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::failed), Acknowledged::repeated);
    EXPECT_EQ(say("t1", "i1", "ben", Outcome::failed), Acknowledged::taken);
    EXPECT_EQ(item("i1").recipients.at(0), (BoxRecipient{"ann", {}, State::delivered, "said"}));
    EXPECT_EQ(item("i1").recipients.at(1).state, State::failed);
    const auto again = lease("t2", 2000, 3000);
    ASSERT_EQ(again.size(), 1u);
    EXPECT_THAT(again.at(0).recipients, ElementsAre(BoxRecipient{"cho", {}, State::waiting, ""}));
    EXPECT_EQ(say("t2", "i1", "cho", Outcome::delivered), Acknowledged::taken);
    EXPECT_THAT(all(), IsEmpty());
    EXPECT_EQ(say("t2", "i1", "cho", Outcome::delivered), Acknowledged::unknown);
    put(some_item("i1"), "anew");  // the bytes went too
    EXPECT_EQ(bytes("i1"), "anew");
}

TEST_P(BoxesContract, OnlyADeliveryCountsUnderAnotherLease) {
    put(some_item("i1", {"ann", "ben"}));
    EXPECT_EQ(say("", "i1", "ann", Outcome::failed), Acknowledged::stale);  // never leased
    lease("t1", 1000, 2000);
    lease("t2", 2000, 3000);
    const BoxItem before = item("i1");
    for (const Outcome outcome : {Outcome::failed, Outcome::deferred})
        EXPECT_EQ(say("t1", "i1", "ann", outcome, 5000), Acknowledged::stale);
    EXPECT_EQ(item("i1"), before);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::delivered), Acknowledged::taken);
    EXPECT_EQ(item("i1").lease, "t2");
    EXPECT_EQ(say("t2", "i1", "ben", Outcome::failed), Acknowledged::taken);
    EXPECT_THAT(all(), IsEmpty());
}

TEST_P(BoxesContract, WhatNobodyKnowsIsUnknown) {
    put(some_item("i1"));
    lease("t1", 1000, 2000);
    EXPECT_EQ(say("t1", "i2", "ann", Outcome::delivered), Acknowledged::unknown);
    EXPECT_EQ(say("t1", "i1", "ben", Outcome::delivered), Acknowledged::unknown);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::delivered, 0, "other"), Acknowledged::unknown);
    EXPECT_EQ(item("i1").recipients.at(0).state, State::waiting);
}

TEST_P(BoxesContract, ADeferredItemRestsWhenAllWereToldOf) {
    put(some_item("i1", {"ann", "ben", "cho"}));
    lease("t1", 1000, 2000);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::deferred, 1300), Acknowledged::taken);
    EXPECT_EQ(say("t1", "i1", "ann", Outcome::deferred, 1300), Acknowledged::repeated);
    EXPECT_EQ(say("t1", "i1", "ben", Outcome::deferred, 1300), Acknowledged::taken);
    EXPECT_EQ(item("i1").lease, "t1");  // nothing was said of cho yet
    EXPECT_EQ(say("t1", "i1", "cho", Outcome::delivered, 1300), Acknowledged::taken);
    EXPECT_EQ(item("i1").lease, "");
    EXPECT_EQ(item("i1").recipients.at(0), (BoxRecipient{"ann", {}, State::waiting, "said"}));
    EXPECT_THAT(leased("t2", 1299, 2000), IsEmpty());
    EXPECT_THAT(lease("t2", 1300, 2000).at(0).recipients, ::testing::SizeIs(2));
    // What was said under the lease before does not count for this one.
    EXPECT_EQ(say("t2", "i1", "ben", Outcome::deferred, 1400), Acknowledged::taken);
    EXPECT_EQ(item("i1").lease, "t2");
    EXPECT_EQ(say("t2", "i1", "ann", Outcome::failed, 1400), Acknowledged::taken);
    EXPECT_THAT(leased("t3", 1400, 2000), ElementsAre("i1"));
}

TEST_P(BoxesContract, ExpiredItemsAreNotLeasedButListed) {
    for (const char* id : {"a", "b", "c"}) {
        BoxItem one = some_item(id);
        one.expires = at(*id == 'c' ? 6000 : 5000);
        put(one);
    }
    const auto expired = [&](std::int64_t now, std::size_t limit) {
        return ids(ask(*store_, [&](Transaction& t) { return t.expired_items(at(now), limit); }));
    };
    EXPECT_THAT(leased("t1", 4999, 5500, 1), ElementsAre("a"));
    EXPECT_THAT(expired(4999, 10), IsEmpty());
    EXPECT_THAT(expired(5000, 10), ElementsAre("b"));
    EXPECT_THAT(leased("t2", 5000, 5100), ElementsAre("c"));
    EXPECT_THAT(expired(6000, 10), ElementsAre("a", "b", "c"));
    EXPECT_THAT(expired(6000, 2), ElementsAre("a", "b"));
    // For whoever is about to end them as well.
    EXPECT_THAT(ids(change(*store_, [](Transaction& t) { return t.expired_items(at(6000), 2); })),
                ElementsAre("a", "b"));
    EXPECT_THAT(leased("t3", 6000, 7000), IsEmpty());
    for (int i = 0; i < 2; ++i)
        succeed(store_->write({}, [](Transaction& t) { return t.drop_item("web", "a"); }));
    EXPECT_THAT(all(), ElementsAre("b", "c"));
}

TEST_P(BoxesContract, CountsWhatWaitsAndWhatIsLeased) {
    const auto counts = [&](std::int64_t now) {
        const auto all = ask(*store_, [&](Transaction& t) { return t.box_counts("web", at(now)); });
        return std::tuple(all.waiting, all.leased, all.bytes, all.oldest.time_since_epoch().count());
    };
    EXPECT_EQ(counts(1000), std::tuple(0u, 0u, 0u, 0));
    for (const char* id : {"a", "b", "c"}) {
        BoxItem one = some_item(id);
        one.queued = at(*id * 10);
        put(one);
    }
    lease("t1", 1000, 2000, 2);
    EXPECT_EQ(counts(1999), std::tuple(1u, 2u, 15u, 'a' * 10));
    EXPECT_EQ(counts(2000), std::tuple(3u, 0u, 15u, 'a' * 10));
}

}  // namespace
}  // namespace mailrota::store
