#include <atomic>
#include <mutex>
#include <set>

#include "core/store/incident_fixture.h"

// Two programs on one database: two nodes with PostgreSQL, server and worker with SQLite.
namespace mailrota::store {
namespace {

using policy::Contact;
using policy::Incident;

constexpr StoreOptions patient{.busy = std::chrono::seconds(30)};

// Each rule holds whether the writes name the lock of incidents or not.
class IncidentsConcurrency : public StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        store_ = value_of(open_store(url_, patient));
        other_ = value_of(open_store(url_, patient));
    }
    Result<void> write(int thread, Work work) {
        Store& store = thread % 2 ? *store_ : *other_;
        std::vector<std::string> names;
        if (thread % 3) names.emplace_back(incidents_lock);
        return store.write(std::move(names), std::move(work));
    }

    std::unique_ptr<Store> other_;
};
INSTANTIATE_TEST_SUITE_P(Each, IncidentsConcurrency, ::testing::Values("sqlite", "postgresql"),
                         parameter_name);

// What a mail does that tells of a key: the incident that it belongs to.
Result<std::int64_t> raise(Transaction& t, const std::string& key) {
    auto live = t.live_incident("ops", key, at(2000));
    if (!live) return tl::unexpected(live.error());
    if (!*live) return t.open_incident(some_incident("ops", key));
    Incident incident = **live;
    ++incident.mails;
    return t.put_incident(incident).map([&] { return incident.number; });
}

TEST_P(IncidentsConcurrency, AKeyHasOneIncidentHoweverManyTellOfItAtOnce) {
    constexpr int each = 20;
    at_once(6, [&](int thread) {
        for (int i = 0; i < each; ++i)
            succeed(write(thread, [&](Transaction& t) -> Result<void> {
                // Every second thread goes through the keys backwards.
                for (const char* key : {thread % 2 ? "a" : "b", thread % 2 ? "b" : "a"})
                    if (auto raised = raise(t, key + std::to_string(i)); !raised)
                        return tl::unexpected(raised.error());
                return {};
            }));
    });
    const auto all = ask(*store_, [](Transaction& t) { return t.incidents({}, at(2000), 1000); });
    std::set<std::string> keys;
    for (const Incident& one : all) {
        keys.insert(one.key);
        EXPECT_EQ(one.mails, 6) << one.key;
    }
    EXPECT_EQ(all.size(), keys.size());
    EXPECT_EQ(keys.size(), std::size_t{2 * each});
}

TEST_P(IncidentsConcurrency, NumbersAscendInTheOrderInWhichIncidentsAreSeen) {
    std::atomic<std::int64_t> newest = 0;
    at_once(4, [&](int thread) {
        for (int i = 0; i < 20; ++i) {
            const std::int64_t before = newest;
            std::int64_t number = 0;
            succeed(write(thread, [&](Transaction& t) {
                return t.open_incident(some_incident("ops", "")).map([&](std::int64_t given) {
                    number = given;
                });
            }));
            EXPECT_GT(number, before);
            std::int64_t seen = newest;
            while (seen < number && !newest.compare_exchange_weak(seen, number)) continue;
        }
    });
}

TEST_P(IncidentsConcurrency, TheMailThatCompletesABurstOpensOneIncident) {
    for (int round = 0; round < 10; ++round) {
        const std::string key = std::to_string(round);
        at_once(6, [&](int thread) {
            succeed(write(thread, [&](Transaction& t) -> Result<void> {
                auto noted = t.note_trigger("ops", key, std::to_string(thread / 2 * 2), at(2000));
                auto recent = t.triggers_since("ops", key, at(1000));
                if (!noted || !recent) return tl::unexpected(noted ? recent.error() : noted.error());
                if (!*noted || *recent != 3) return {};
                return raise(t, key).map([](std::int64_t) {});
            }));
        });
        const auto live = ask(*store_, [&](Transaction& t) { return t.live_incident("ops", key, at(2000)); });
        ASSERT_TRUE(live) << round;
        EXPECT_EQ(live->mails, 1);
    }
}

TEST_P(IncidentsConcurrency, NoMoreCallsAreUnderWayThanAnAccountMayCarry) {
    std::atomic<int> placed = 0;
    at_once(8, [&](int thread) {
        for (int i = 0; i < 5; ++i) {
            bool mine = false;
            succeed(write(thread, [&](Transaction& t) -> Result<void> {
                mine = false;
                auto carried = t.calls_under_way("AC1", at(0));
                if (!carried) return tl::unexpected(carried.error());
                if (*carried >= 3) return {};
                mine = true;
                const std::string id = std::to_string(thread) + "." + std::to_string(i);
                return t.put_contact(begun(some_contact(id, thread), 1000));
            }));
            placed += mine ? 1 : 0;
        }
    });
    EXPECT_EQ(placed, 3);
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.contacts_to("+15550100", at(0)); }), 3);
}

TEST_P(IncidentsConcurrency, EachSlotIsTakenOnceAndNoneIsLeftOut) {
    std::mutex mutex;
    std::set<std::int64_t> slots;
    at_once(6, [&](int thread) {
        for (int i = 0; i < 20; ++i) {
            Incidents::Milliseconds slot;
            succeed(write(thread, [&](Transaction& t) {
                return t
                    .take_slot("AC1", Incidents::Milliseconds(std::chrono::milliseconds(1'000)),
                               std::chrono::milliseconds(50),
                               Incidents::Milliseconds(std::chrono::milliseconds(1'000'000)))
                    .map([&](auto taken) { slot = taken.value(); });
            }));
            const std::lock_guard lock(mutex);
            slots.insert(slot.time_since_epoch().count());
        }
    });
    EXPECT_EQ(slots.size(), 120u);
    EXPECT_EQ(*slots.begin(), 1'000);
    EXPECT_EQ(*slots.rbegin(), 1'000 + 119 * 50);
}

// The worker goes from the incident to its contacts, a callback from the contact to its incident.
TEST_P(IncidentsConcurrency, WorkerAndCallbacksChangeAnIncidentInTurn) {
    const auto number = open(*store_, some_incident("ops", "disk"));
    put(*store_, some_contact("a", number));
    at_once(4, [&](int thread) {
        for (int i = 0; i < 30; ++i)
            succeed(write(thread, [&](Transaction& t) -> Result<void> {
                auto contact = thread % 2 ? t.contact("a") : Result<std::optional<Contact>>();
                auto incident = t.incident(number);
                if (thread % 2 == 0) contact = t.contact("a");
                if (!contact || !incident)
                    return tl::unexpected(contact ? incident.error() : contact.error());
                ++(*contact)->tries;
                ++(*incident)->progress.tries;
                if (auto put = t.put_contact(**contact); !put) return put;
                return t.put_incident(**incident);
            }));
    });
    EXPECT_EQ(contact_of(*store_, "a")->tries, 120);
    EXPECT_EQ(incident_of(*store_, number)->progress.tries, 120);
    EXPECT_EQ(store_->counters().failures + other_->counters().failures, 0u);
}

TEST_P(IncidentsConcurrency, AJobThatIsHastenedWhileItIsPostponedIsDueAtOnce) {
    EXPECT_TRUE(change(*store_, [](Transaction& t) { return t.put_job(some_job("k"), ""); }));
    for (int round = 0; round < 20; ++round) {
        const auto held =
            change(*store_, [](Transaction& t) { return t.claim_jobs("w", at(1000), at(9000), 1); });
        ASSERT_EQ(held.size(), 1u) << round;
        at_once(2, [&](int thread) {
            const bool done = thread
                                  ? change(*other_, [](Transaction& t) { return t.hasten_job("k", at(900)); })
                                  : change(*store_, [&](Transaction& t) {
                                        return t.postpone_job(held[0].id, held[0].fence, at(5000), "", "");
                                    });
            EXPECT_TRUE(done);
        });
        EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.job(1); })->due, at(900));
    }
}

}  // namespace
}  // namespace mailrota::store
