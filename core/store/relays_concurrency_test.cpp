#include <atomic>
#include <mutex>
#include <set>

#include "core/store/relay_fixture.h"

// Two programs on one database: two nodes with PostgreSQL, server and worker with SQLite.
namespace mailrota::store {
namespace {

using State = RelayAttempt::State;

constexpr StoreOptions patient{.busy = std::chrono::seconds(30)};

class RelaysConcurrency : public StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        store_ = value_of(open_store(url_, patient));
        other_ = value_of(open_store(url_, patient));
    }
    Store& one_of(int thread) { return thread % 2 ? *store_ : *other_; }

    std::unique_ptr<Store> other_;
};
INSTANTIATE_TEST_SUITE_P(Each, RelaysConcurrency, ::testing::Values("sqlite", "postgresql"), parameter_name);

// What a relay does before it calls a provider: again only where nobody knows what became of the first call.
Result<void> begin_if_needed(Transaction& t, const StoredMail& mail, const RelayAttempt& mine, bool& begun) {
    begun = false;
    if (auto held = t.put_journal(mail, {}); !held) return held;
    auto earlier = t.attempts_of({mine.recipients.front().offer});
    if (!earlier) return tl::unexpected(earlier.error());
    if (!earlier->empty() && earlier->front().state != State::uncertain) return {};
    begun = true;
    return t.begin_attempt(mail, mine);
}

TEST_P(RelaysConcurrency, OfAllWhoMeanToBeginAnAttemptOneDoes) {
    for (int round = 0; round < 10; ++round) {
        const StoredMail mail = some_mail("m" + std::to_string(round));
        std::atomic<int> count = 0;
        RelayAttempt before = some_attempt("a" + mail.id, mail);
        if (round % 2) {  // there is one that nobody knows the outcome of
            succeed(store_->write({}, [&](Transaction& t) { return t.begin_attempt(mail, before); }));
            before.state = State::uncertain;
            EXPECT_TRUE(change(*store_, [&](Transaction& t) { return t.end_attempt(before); }));
        }
        at_once(6, [&](int thread) {
            bool begun = false;
            RelayAttempt mine = some_attempt("a" + mail.id, mail);
            mine.owner = "node/" + std::to_string(thread);
            succeed(one_of(thread).write(
                {}, [&](Transaction& t) { return begin_if_needed(t, mail, mine, begun); }));
            if (begun) ++count;
            EXPECT_EQ(
                change(one_of(thread), [&](Transaction& t) { return t.end_attempt(accepted(mine, "x")); }),
                begun);
        });
        const auto left = ask(*store_, [&](Transaction& t) { return t.attempt("a" + mail.id); });
        EXPECT_EQ(left->state, State::accepted);
        EXPECT_EQ(count, 1);
        EXPECT_EQ(left->tries, round % 2 + 1);
    }
}

TEST_P(RelaysConcurrency, OneMailAtATimeTriesAProviderThatFailed) {
    using Breaker = policy::Breaker;
    const Breaker open{.scope = "sendgrid", .state = Breaker::State::open, .why = ""};
    succeed(store_->write({}, [&](Transaction& t) { return t.put_breaker(open); }));
    std::atomic<int> probes = 0;
    at_once(8, [&](int thread) {
        bool mine = false;
        succeed(one_of(thread).write({"mailgun", "sendgrid"}, [&](Transaction& t) -> Result<void> {
            mine = false;
            auto found = t.breakers({"sendgrid", "mailgun"});
            if (!found) return tl::unexpected(found.error());
            if (found->at(0).state != Breaker::State::open) return {};
            mine = true;
            Breaker probing = found->at(0);
            probing.state = Breaker::State::probing;
            return t.put_breaker(probing);
        }));
        if (mine) ++probes;
    });
    EXPECT_EQ(probes, 1);
}

TEST_P(RelaysConcurrency, EachEventIsTakenOnce) {
    std::vector<mail::MailEvent> batch;
    for (int i = 0; i < 300; ++i) batch.push_back(some_event("e" + std::to_string(i)));
    EXPECT_EQ(change(*store_, [&](Transaction& t) { return t.put_events("sendgrid", batch, at(1000)); }),
              300u);
    std::mutex mutex;
    std::multiset<std::int64_t> taken;
    at_once(4, [&](int thread) {
        for (int idle = 0; idle < 3;) {
            std::vector<Events::Settled> settled;
            succeed(one_of(thread).write({}, [&](Transaction& t) -> Result<void> {
                settled.clear();
                auto events = t.unsettled_events(7);
                if (!events) return tl::unexpected(events.error());
                for (const StoredEvent& event : *events) settled.push_back({event.seq, "m1"});
                return t.settle_events(settled);
            }));
            idle = settled.empty() ? idle + 1 : 0;
            const std::lock_guard lock(mutex);
            for (const auto& event : settled) taken.insert(event.seq);
        }
    });
    EXPECT_EQ(taken.size(), 300u);
    EXPECT_EQ(std::set<std::int64_t>(taken.begin(), taken.end()).size(), 300u);
}

TEST_P(RelaysConcurrency, ABatchThatComesToTwoNodesAtOnceIsKeptOnce) {
    std::atomic<std::size_t> fresh = 0;
    std::atomic<int> first_uses = 0;
    at_once(6, [&](int thread) {
        std::vector<mail::MailEvent> batch;
        for (int i = 0; i < 100; ++i) batch.push_back(some_event("e" + std::to_string(i)));
        std::size_t mine = 0;
        bool first = false;
        succeed(one_of(thread).write({}, [&](Transaction& t) -> Result<void> {
            auto used = t.use_token("mailgun", "t1", at(9000));
            auto put = t.put_events("mailgun", batch, at(1000));
            if (!used || !put) return tl::unexpected(used ? put.error() : used.error());
            mine = *put;
            first = *used;
            return {};
        }));
        fresh += mine;
        first_uses += first ? 1 : 0;
    });
    EXPECT_EQ(fresh, 100u);
    EXPECT_EQ(first_uses, 1);
}

}  // namespace
}  // namespace mailrota::store
