#include <atomic>
#include <latch>
#include <thread>

#include "core/store/store_fixture.h"

namespace mailrota::store {
namespace {

class StoreConcurrency : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Each, StoreConcurrency, ::testing::Values("sqlite", "postgresql"), parameter_name);

constexpr int threads_at_once = 16;
constexpr int turns_each = 50;

template <class Body>
void at_once(int count, Body body) {
    std::latch start(count);
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            body(i);
        });
}

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

}  // namespace
}  // namespace mailrota::store
