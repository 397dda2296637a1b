#include "core/store/mail_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = Job::State;

class OutboxContract : public StoreTest {
  protected:
    bool put(const Job& job, const std::string& bytes = "bytes") {
        return change(*store_, [&](Transaction& t) { return t.put_job(job, bytes); });
    }
    std::vector<Job> claim(const std::string& owner, std::int64_t now, std::int64_t until,
                           std::size_t limit = 10) {
        return change(*store_,
                      [&](Transaction& t) { return t.claim_jobs(owner, at(now), at(until), limit); });
    }
    static std::vector<std::string> keys(const std::vector<Job>& jobs) {
        std::vector<std::string> found;
        for (const Job& job : jobs) found.push_back(job.key);
        return found;
    }
    std::optional<Job> job(std::int64_t id) {
        return ask(*store_, [&](Transaction& t) { return t.job(id); });
    }
    std::string bytes(std::int64_t id) {
        return ask(*store_, [&](Transaction& t) { return t.job_bytes(id); });
    }
    std::vector<std::string> listed(bool with_done, std::size_t limit = 10) {
        return keys(ask(*store_, [&](Transaction& t) { return t.jobs(with_done, limit); }));
    }
    std::optional<Time> next_due() {
        return ask(*store_, [](Transaction& t) { return t.next_due(); });
    }
    bool finish(const Job& job) {
        return change(*store_, [&](Transaction& t) { return t.finish_job(job.id, job.fence, "sent"); });
    }
    bool fail(const Job& job) {
        return change(*store_, [&](Transaction& t) { return t.fail_job(job.id, job.fence, "refused"); });
    }
    bool renew(const Job& job, std::int64_t until) {
        return change(*store_, [&](Transaction& t) { return t.renew_job(job.id, job.fence, at(until)); });
    }
    bool postpone(const Job& job, std::int64_t due) {
        return change(*store_, [&](Transaction& t) {
            return t.postpone_job(job.id, job.fence, at(due), "{\"n\":1}", "busy");
        });
    }
    bool hasten(std::string_view key, std::int64_t due) {
        return change(*store_, [&](Transaction& t) { return t.hasten_job(key, at(due)); });
    }
    bool retry(std::int64_t id, std::int64_t now) {
        return change(*store_, [&](Transaction& t) { return t.retry_job(id, at(now), at(now + 100)); });
    }
    bool drop(std::int64_t id) {
        return change(*store_, [&](Transaction& t) { return t.drop_job(id); });
    }
};
INSTANTIATE_TEST_SUITE_P(Each, OutboxContract, ::testing::Values("sqlite", "postgresql"), parameter_name);

TEST_P(OutboxContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    Job whole = some_job(odd, -7, -5);
    whole.kind = whole.mail = whole.payload = odd;
    EXPECT_TRUE(put(whole, odd));
    whole.id = 1;
    EXPECT_EQ(job(1), whole);
    EXPECT_EQ(bytes(1), odd);
    whole.state = State::leased;
    whole.owner = odd;
    whole.attempts = 1;
    whole.fence = 1;
    whole.leased_until = at(2000);
    EXPECT_THAT(claim(odd, 1000, 2000), ElementsAre(whole));
    EXPECT_EQ(job(1), whole);
}

TEST_P(OutboxContract, TwentyMegabytesComeBack) {
    const std::string large(20'000'000, '\0');
    put(some_job("large"), large);
    EXPECT_TRUE(bytes(1) == large);
}

TEST_P(OutboxContract, AKnownKeyIsTheSameJobEvenWhenItIsDone) {
    EXPECT_TRUE(put(some_job("k"), "first"));
    EXPECT_FALSE(put(some_job("k", 9), "second"));
    EXPECT_EQ(job(1)->priority, 0);
    EXPECT_EQ(bytes(1), "first");
    EXPECT_TRUE(finish(claim("w", 1000, 2000).at(0)));
    EXPECT_FALSE(put(some_job("k"), "third"));
    EXPECT_EQ(job(1)->state, State::done);
}

TEST_P(OutboxContract, ClaimsGoByPriorityThenDueThenId) {
    for (const auto& [key, priority, due] : {std::tuple("late", 0, 900),
                                             {"early", 0, 100},
                                             {"urgent", 5, 950},
                                             {"early too", 0, 100},
                                             {"not yet", 9, 1001}})
        put(some_job(key, priority, due));
    EXPECT_THAT(keys(claim("w", 1000, 2000, 2)), ElementsAre("urgent", "early"));
    EXPECT_THAT(keys(claim("w", 1000, 2000, 0)), IsEmpty());
    EXPECT_THAT(keys(claim("w", 1000, 2000)), ElementsAre("early too", "late"));
    EXPECT_THAT(keys(claim("w", 1000, 2000)), IsEmpty());
    EXPECT_THAT(keys(claim("w", 1001, 2000)), ElementsAre("not yet"));
}

TEST_P(OutboxContract, ALeaseThatEndedIsAnybodysAndWhoeverHeldItChangesNothing) {
    put(some_job("k"));
    const Job stale = claim("one", 1000, 2000).at(0);
    EXPECT_THAT(claim("two", 1999, 3000), IsEmpty());
    const auto again = claim("two", 2000, 3000);
    ASSERT_EQ(again.size(), 1u);
    EXPECT_EQ(again.at(0).attempts, 2);
    EXPECT_GT(again.at(0).fence, stale.fence);
    EXPECT_FALSE(renew(stale, 9000) || finish(stale) || fail(stale) || postpone(stale, 9000));
    EXPECT_EQ(job(1), again.at(0));
    EXPECT_EQ(bytes(1), "bytes");
    EXPECT_TRUE(renew(again.at(0), 4000));
    EXPECT_THAT(claim("three", 3999, 5000), IsEmpty());
    EXPECT_TRUE(finish(again.at(0)));
    EXPECT_FALSE(renew(again.at(0), 9000) || finish(again.at(0)) || fail(again.at(0)) ||
                 postpone(again.at(0), 9000));
}

TEST_P(OutboxContract, ADoneJobIsKeptWithoutItsBytes) {
    put(some_job("k"));
    EXPECT_TRUE(finish(claim("w", 1000, 2000).at(0)));
    EXPECT_EQ(job(1)->last, "sent");
    EXPECT_EQ(job(1)->owner, "");
    expect_error(store_->read([](Transaction& t) { return t.job_bytes(1).map([](const auto&) {}); }),
                 ErrorKind::invalid, "job 1 has no bytes");
    EXPECT_THAT(claim("w", 8000, 9000), IsEmpty());
    EXPECT_THAT(listed(true), ElementsAre("k"));
    EXPECT_THAT(listed(false), IsEmpty());
    EXPECT_FALSE(retry(1, 1000));
    EXPECT_TRUE(drop(1));
    EXPECT_EQ(job(1), std::nullopt);
}

TEST_P(OutboxContract, AFailedJobIsKeptWithItsBytesUntilItIsRetriedOrDropped) {
    for (const char* key : {"a", "b"}) put(some_job(key));
    for (const Job& one : claim("w", 1000, 2000)) EXPECT_TRUE(fail(one));
    EXPECT_EQ(job(1)->state, State::failed);
    EXPECT_EQ(job(1)->last, "refused");
    EXPECT_THAT(claim("w", 8000, 9000), IsEmpty());
    EXPECT_THAT(listed(false), ElementsAre("a", "b"));
    EXPECT_THAT(listed(false, 1), ElementsAre("a"));
    EXPECT_EQ(value_of(store_->purge(at(90'000), std::chrono::seconds(0))), 0u);
    EXPECT_TRUE(retry(1, 8000));
    EXPECT_TRUE(drop(2));
    EXPECT_FALSE(drop(2) || retry(2, 8000));
    const auto again = claim("w", 8000, 9000);
    ASSERT_THAT(keys(again), ElementsAre("a"));
    EXPECT_EQ(again.at(0).expires, at(8100));
    EXPECT_EQ(again.at(0).attempts, 2);
    EXPECT_EQ(bytes(1), "bytes");
    EXPECT_FALSE(drop(1) || retry(1, 8000));  // leased
}

TEST_P(OutboxContract, APostponedJobIsDueLater) {
    put(some_job("k"));
    const Job held = claim("w", 1000, 2000).at(0);
    EXPECT_TRUE(postpone(held, 5000));
    EXPECT_FALSE(postpone(held, 6000) || finish(held) || fail(held) || renew(held, 9000));
    const auto waits = job(1);
    EXPECT_EQ(std::tuple(waits->state, waits->due, waits->payload, waits->last, waits->owner),
              std::tuple(State::waiting, at(5000), "{\"n\":1}", "busy", ""));
    EXPECT_THAT(claim("w", 4999, 9000), IsEmpty());
    EXPECT_TRUE(retry(1, 3000));
    EXPECT_THAT(keys(claim("w", 3000, 9000)), ElementsAre("k"));
}

TEST_P(OutboxContract, AHastenedJobIsDueThenAndNeverLater) {
    put(some_job("k", 0, 5000));
    put(some_job("other", 0, 5000));
    EXPECT_TRUE(hasten("k", 3000));
    EXPECT_TRUE(hasten("k", 4000));
    EXPECT_EQ(std::pair(job(1)->due, next_due()), std::pair(at(3000), std::optional(at(3000))));
    EXPECT_THAT(claim("w", 2999, 9000), IsEmpty());
    const auto held = claim("w", 3000, 9000);
    ASSERT_THAT(keys(held), ElementsAre("k"));
    EXPECT_TRUE(postpone(held.at(0), 8000));  // what came before the lease is over
    EXPECT_EQ(job(1)->due, at(8000));
    EXPECT_EQ(job(2)->due, at(5000));
}

TEST_P(OutboxContract, AJobThatIsPostponedDoesNotSleepThroughAHastening) {
    put(some_job("k"));
    const Job held = claim("w", 1000, 2000).at(0);
    EXPECT_TRUE(hasten("k", 1500) && hasten("k", 1200) && hasten("k", 1300));
    EXPECT_EQ(job(1), held);
    EXPECT_THAT(claim("w", 1999, 3000), IsEmpty());
    EXPECT_TRUE(postpone(held, 8000));
    EXPECT_EQ(std::pair(job(1)->due, next_due()), std::pair(at(1200), std::optional(at(1200))));
    const Job again = claim("w", 1300, 2000).at(0);
    EXPECT_TRUE(hasten("k", 7000));
    EXPECT_TRUE(postpone(again, 6000));
    EXPECT_EQ(job(1)->due, at(6000));
    const Job last = claim("w", 6000, 7000).at(0);
    EXPECT_TRUE(postpone(last, 9000));
    EXPECT_EQ(job(1)->due, at(9000));
}

TEST_P(OutboxContract, OnlyAJobThatIsNotOverIsHastened) {
    for (const char* key : {"done", "failed"}) put(some_job(key));
    const auto held = claim("w", 1000, 2000);
    EXPECT_TRUE(hasten("done", 1000));
    EXPECT_TRUE(finish(held.at(0)) && fail(held.at(1)));
    EXPECT_FALSE(hasten("done", 1000) || hasten("failed", 1000) || hasten("unknown", 1000));
    EXPECT_THAT(claim("w", 9000, 9999), IsEmpty());
}

TEST_P(OutboxContract, AClaimMayBeOfSomeKindsOnly) {
    for (const auto& [key, kind] : {std::pair("a", "deliver"), {"b", "contact"}, {"c", "escalation"}}) {
        Job one = some_job(key);
        one.kind = kind;
        put(one);
    }
    const auto of = [&](const std::vector<std::string>& kinds, std::size_t limit) {
        return keys(change(
            *store_, [&](Transaction& t) { return t.claim_jobs("w", at(1000), at(2000), limit, kinds); }));
    };
    EXPECT_THAT(of({"unknown"}, 9), IsEmpty());
    EXPECT_THAT(of({"escalation", "contact"}, 1), ElementsAre("b"));
    EXPECT_THAT(of({"escalation", "contact"}, 9), ElementsAre("c"));
    EXPECT_THAT(of({}, 9), ElementsAre("a"));
}

TEST_P(OutboxContract, NextDueIsTheNextJobOrTheEndOfALease) {
    EXPECT_EQ(next_due(), std::nullopt);
    put(some_job("a", 0, 1000));
    put(some_job("b", 9, 3000));
    EXPECT_EQ(next_due(), at(1000));
    const Job held = claim("w", 1000, 2000).at(0);
    EXPECT_EQ(next_due(), at(2000));
    EXPECT_TRUE(finish(held));
    EXPECT_EQ(next_due(), at(3000));
    EXPECT_TRUE(drop(2));
    EXPECT_EQ(next_due(), std::nullopt);
}

TEST_P(OutboxContract, PurgeForgetsWhatIsDone) {
    succeed(store_->write({}, [](Transaction& t) -> Result<void> {
        for (int i = 0; i < 1100; ++i)
            succeed(t.put_job(some_job("k" + std::to_string(i)), "").map([](bool) {}));
        auto jobs = t.claim_jobs("w", at(1000), at(2000), 1050);
        for (const Job& one : value_of(std::move(jobs)))
            EXPECT_TRUE(value_of(t.finish_job(one.id, one.fence, "")));
        return {};
    }));
    EXPECT_EQ(value_of(store_->purge(at(2100), std::chrono::seconds(100))), 0u);
    EXPECT_EQ(value_of(store_->purge(at(2101), std::chrono::seconds(100))), 1050u);
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.jobs(true, 9999); }).size(), 50u);
    EXPECT_TRUE(put(some_job("k0")));  // a key that was forgotten is a new job, with a number of its own
    EXPECT_EQ(ask(*store_, [](Transaction& t) { return t.jobs(true, 9999); }).back().id, 1101);
}

}  // namespace
}  // namespace mailrota::store
