#include <algorithm>
#include <atomic>
#include <thread>

#include "core/store/mail_fixture.h"

namespace mailrota::store {
namespace {

class StoreConcurrency : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Each, StoreConcurrency, ::testing::Values("sqlite", "postgresql"), parameter_name);

constexpr int threads_at_once = 16;
constexpr int turns_each = 50;

TEST_P(StoreConcurrency, ManyWritersCountExactly) {
    at_once(threads_at_once, [&](int) {
        for (int i = 0; i < turns_each; ++i) succeed(store_->write({"orders"}, count_turn("orders", "ann")));
    });
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns, threads_at_once * turns_each);
    const StoreCounters counters = store_->counters();
    EXPECT_EQ(counters.works, std::uint64_t{threads_at_once * turns_each});
    EXPECT_LT(counters.commits, counters.works);
}

TEST_P(StoreConcurrency, AFailedWorkTakesNoOneElseWithIt) {
    std::atomic<int> failures = 0;
    at_once(threads_at_once, [&](int thread) {
        for (int i = 0; i < turns_each; ++i) {
            const bool spoil = (thread + i) % 3 == 0;
            const auto written = store_->write({"orders"}, [&](Transaction& t) -> Result<void> {
                if (auto counted = count_turn("orders", "ann")(t); !counted) return counted;
                if (spoil && i % 2 == 0) throw std::runtime_error("on purpose");
                return spoil ? Result<void>(invalid("on purpose")) : Result<void>();
            });
            if (!written) ++failures;
        }
    });
    const auto counted = state_of(*store_, "orders")["ann"].turns;
    EXPECT_EQ(counted + failures, threads_at_once * turns_each);
    EXPECT_GT(failures, 0);
}

TEST_P(StoreConcurrency, ReadersSeeWholeWorks) {
    std::atomic<bool> writing = true;
    at_once(6, [&](int thread) {
        if (thread < 2) {
            for (int i = 0; i < turns_each; ++i)
                succeed(store_->write({"one", "two"}, [&](Transaction& t) -> Result<void> {
                    if (auto first = count_turn("one", "ann")(t); !first) return first;
                    return count_turn("two", "ann")(t);
                }));
            writing = false;
            return;
        }
        do {
            succeed(store_->read([&](Transaction& t) -> Result<void> {
                EXPECT_EQ(value_of(t.rota_state("one")), value_of(t.rota_state("two")));
                return {};
            }));
        } while (writing);
    });
}

// Two programs on one database: two nodes with PostgreSQL, daemon and command line with SQLite.
TEST_P(StoreConcurrency, TwoStoresNeverDeadlock) {
    auto other = value_of(open_store(url_, {.busy = std::chrono::seconds(30)}));
    store_ = value_of(open_store(url_, {.busy = std::chrono::seconds(30)}));
    at_once(8, [&](int thread) {
        Store& store = thread % 2 ? *store_ : *other;
        const std::string first = thread % 2 ? "one" : "two";
        const std::string second = thread % 2 ? "two" : "one";
        for (int i = 0; i < turns_each; ++i)
            succeed(store.write({first, second}, [&](Transaction& t) -> Result<void> {
                if (auto counted = count_turn(first, "ann")(t); !counted) return counted;
                return count_turn(second, "ann")(t);
            }));
    });
    EXPECT_EQ(state_of(*store_, "one")["ann"].turns, 8 * turns_each);
    EXPECT_EQ(state_of(*other, "two")["ann"].turns, 8 * turns_each);
    EXPECT_EQ(store_->counters().failures + other->counters().failures, 0u);
}

TEST_P(StoreConcurrency, TheSameMailOnTwoNodesGetsOneTurn) {
    auto other = value_of(open_store(url_));
    for (int mail = 0; mail < 20; ++mail) {
        const std::string key = "mail" + std::to_string(mail);
        at_once(8, [&](int thread) {
            Store& store = thread % 2 ? *store_ : *other;
            succeed(store.write({"orders"}, [&](Transaction& t) -> Result<void> {
                auto known = t.turn("orders", key);
                if (!known) return tl::unexpected(known.error());
                if (*known) return {};
                if (auto counted = count_turn("orders", "ann")(t); !counted) return counted;
                return t.put_turn(some_turn("orders", key));
            }));
        });
    }
    EXPECT_EQ(state_of(*store_, "orders")["ann"].turns, 20);
}

TEST_P(StoreConcurrency, SeveralOpenANewDatabaseAtOnce) {
    const std::string fresh =
        GetParam() == "sqlite" ? "sqlite:" + (folder_ / "fresh.db").string() : new_postgresql_database();
    std::vector<mail::TraceSecret> secrets(6);
    at_once(6, [&](int thread) {
        auto store = value_of(open_store(fresh));
        ASSERT_TRUE(store);
        secrets[static_cast<std::size_t>(thread)] = value_of(store->trace_secret());
    });
    EXPECT_THAT(secrets, ::testing::Each(secrets.front()));
}

// Takes each item and each job of a store once, from two programs, while both still put more: `taken` says by
// whom.
class Takers {
  public:
    Takers(Store& one, Store& other) : stores_{&one, &other} {}

    static constexpr int total = 200;

    // Every item is for two recipients, who are told of in an order that differs, so that rows are locked in
    // both orders.
    void put(int thread) {
        for (int i = thread; i < total; i += 2) {
            const std::string name = std::to_string(i);
            const StoredMail mail = some_mail(name);
            succeed(stores_[thread]->write({}, [&](Transaction& t) -> Result<void> {
                if (auto put = t.put_journal(mail, {some_entry(mail, "ann"), some_entry(mail, "ben")}); !put)
                    return put;
                if (auto put = t.put_in_box(some_item(name, {"ann", "ben"}, name), name); !put) return put;
                return t.put_job(some_job(name), name).map([](bool) {});
            }));
        }
    }
    void pull(int thread) {
        Store& store = *stores_[thread % 2];
        for (int round = 0; items_ < total; ++round) {
            const std::string token = std::to_string(thread) + "." + std::to_string(round);
            auto items = change(store, [&](Transaction& t) {
                return t.lease_box("web", 7, 1000, token, at(1000), at(2000));
            });
            if (thread % 2) std::reverse(items.begin(), items.end());
            const auto deliver = [&](const std::string& recipient) {
                succeed(store.write({}, [&](Transaction& t) -> Result<void> {
                    for (const BoxItem& item : items) {
                        auto said = t.acknowledge(
                            "web", token, {item.id, recipient, BoxResult::Outcome::delivered, ""}, at(0));
                        if (!said) return tl::unexpected(said.error());
                        EXPECT_EQ(*said, Acknowledged::taken);
                    }
                    return {};
                }));
            };
            for (const char* recipient : {"ann", "ben"}) deliver(recipient);
            items_ += static_cast<int>(items.size());
        }
    }
    void work(int thread) {
        Store& store = *stores_[thread % 2];
        while (jobs_ < total)
            for (const Job& job :
                 change(store, [&](Transaction& t) { return t.claim_jobs("w", at(1000), at(2000), 5); })) {
                EXPECT_TRUE(
                    change(store, [&](Transaction& t) { return t.finish_job(job.id, job.fence, ""); }));
                EXPECT_EQ(job.fence, 1);
                ++jobs_;
            }
    }
    int items() const { return items_; }
    int jobs() const { return jobs_; }

  private:
    Store* stores_[2];
    std::atomic<int> items_ = 0;
    std::atomic<int> jobs_ = 0;
};

TEST_P(StoreConcurrency, TwoNodesTakeEachItemAndEachJobOnce) {
    auto other = value_of(open_store(url_, {.busy = std::chrono::seconds(30)}));
    store_ = value_of(open_store(url_, {.busy = std::chrono::seconds(30)}));
    Takers takers(*store_, *other);
    at_once(8, [&](int thread) {
        if (thread < 2) takers.put(thread);
        if (thread >= 2 && thread < 6) takers.pull(thread);
        if (thread >= 6) takers.work(thread);
    });
    EXPECT_EQ(takers.items(), Takers::total);
    EXPECT_EQ(takers.jobs(), Takers::total);
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.box_counts("web", at(1000)); }).bytes, 0u);
    EXPECT_EQ(store_->counters().failures + other->counters().failures, 0u);
}

TEST_P(StoreConcurrency, WordsOfOneItemFromTwoNodesAreAllKept) {
    auto other = value_of(open_store(url_, {.busy = std::chrono::seconds(30)}));
    std::vector<std::string> recipients;
    for (int i = 0; i < 80; ++i) recipients.push_back("r" + std::to_string(i));
    succeed(store_->write({}, [&](Transaction& t) { return t.put_in_box(some_item("i1", recipients), ""); }));
    at_once(4, [&](int thread) {
        Store& store = thread % 2 ? *store_ : *other;
        for (std::size_t i = static_cast<std::size_t>(thread); i < recipients.size(); i += 4)
            EXPECT_EQ(change(store,
                             [&](Transaction& t) {
                                 return t.acknowledge(
                                     "web", "t", {"i1", recipients[i], BoxResult::Outcome::delivered, ""},
                                     at(0));
                             }),
                      Acknowledged::taken);
    });
    EXPECT_TRUE(ask(*store_, [](Transaction& t) { return t.box_items("web", 10); }).empty());
}

// As another process does, which SQLite lets look for the lock now and then only.
TEST_P(StoreConcurrency, OthersWriteWhileALotIsPurged) {
    succeed(store_->write({"orders"}, [](Transaction& t) -> Result<void> {
        for (int i = 0; i < 10'000; ++i)
            succeed(t.put_turn(some_turn("orders", "old" + std::to_string(i), 99)));
        return {};
    }));
    const auto other = value_of(open_store(url_));
    std::atomic<bool> purging = true;
    int written = 0;
    at_once(2, [&](int thread) {
        if (thread == 0) {
            EXPECT_EQ(value_of(store_->purge(at(1000), std::chrono::seconds(100))), 10'000u);
            purging = false;
            return;
        }
        while (purging) {
            succeed(other->write({"orders"}, count_turn("orders", "ann")));
            ++written;
            // Whoever writes without a rest holds up the purge in turn.
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    EXPECT_GE(written, 5) << "beside 20 batches";
}

}  // namespace
}  // namespace mailrota::store
