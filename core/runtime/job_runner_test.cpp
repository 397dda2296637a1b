#include "core/runtime/job_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>

#include "core/runtime/intake_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;
using testing::HasSubstr;
using State = store::Job::State;

asio::awaitable<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

class JobRunnerCase : public IntakeTest {
  protected:
    JobRunnerCase() {
        settings.lease = seconds(600);
        settings.first_retry = seconds(300);
        settings.last_retry = seconds(4000);
        settings.in_flight = 3;
    }

    std::int64_t put(const std::string& kind, const std::string& key = "1", seconds life = seconds(86400)) {
        store::Job job;
        job.key = key;
        job.kind = kind;
        job.payload = "{}";
        job.created = job.due = start;
        job.expires = start + life;
        change([&job](store::Transaction& transaction) -> Result<void> {
            return transaction.put_job(job, "the bytes").map([](bool) {});
        });
        std::int64_t id = 0;
        for (const store::Job& known : jobs())
            if (known.key == key) id = known.id;
        return id;
    }
    void change(const store::Work& work) {
        const auto written = memory->write({}, work);
        EXPECT_TRUE(written) << written.error().text;
    }
    std::vector<store::Job> jobs() {
        std::vector<store::Job> all;
        const auto read = memory->read([&all](store::Transaction& transaction) -> Result<void> {
            auto found = transaction.jobs(true, 100);
            if (!found) return tl::unexpected(found.error());
            all = *std::move(found);
            return {};
        });
        EXPECT_TRUE(read);
        return all;
    }
    store::Job only() { return jobs().at(0); }

    // Runs until the condition holds and every attempt is over; at most ten seconds.
    void run_until(const std::function<bool()>& condition) { run_until(condition, store); }
    void run_until(const std::function<bool()>& condition, store::Store& with) {
        asio::io_context context;
        AsyncStore async(with);
        Log log({});
        JobRunner runner({async, log, metrics, [this] { return now; }, settings, "host/1"}, kinds);
        asio::co_spawn(context, runner.run(), asio::detached);
        asio::co_spawn(context, watch(runner, condition), asio::detached);
        context.run();
        EXPECT_TRUE(condition());
    }
    static asio::awaitable<void> watch(JobRunner& runner, std::function<bool()> condition) {
        for (int turns = 0; turns < 2000 && !condition(); ++turns)
            co_await pause(std::chrono::milliseconds(5));
        runner.stop();
    }
    // A kind that counts its attempts and always answers the same.
    JobKind answering(std::function<Attempted()> answer) {
        return [this, answer = std::move(answer)](store::Job job, std::string bytes, bool expired) {
            ++attempts;
            EXPECT_EQ(bytes, "the bytes");
            expired_seen = expired;
            last_seen = std::move(job);
            return answered(answer());
        };
    }
    static asio::awaitable<Attempted> answered(Attempted attempted) { co_return attempted; }

    config::WorkerSettings settings;
    Metrics metrics;
    std::map<std::string, JobKind, std::less<>> kinds;
    int attempts = 0;
    bool expired_seen = false;
    store::Job last_seen;
};

store::Work put_mark() {
    return [](store::Transaction& transaction) { return transaction.put_bytes("mark", "made"); };
}

TEST(BackOff, DoublesFromTheFirstToTheLast) {
    const seconds first{300}, last{4000};
    EXPECT_EQ(back_off(1, first, last), seconds(300));
    EXPECT_EQ(back_off(2, first, last), seconds(600));
    EXPECT_EQ(back_off(4, first, last), seconds(2400));
    EXPECT_EQ(back_off(5, first, last), seconds(4000));
    EXPECT_EQ(back_off(1'000'000, first, last), seconds(4000));
    EXPECT_EQ(back_off(0, first, last), seconds(300));
}

TEST_F(JobRunnerCase, AJobThatIsDoneEndsWithWhatBelongsToItInOneTransaction) {
    put("test");
    kinds["test"] = answering([] { return Finished{"250 done", put_mark()}; });
    run_until([this] { return only().state == State::done; });
    EXPECT_EQ(attempts, 1);
    EXPECT_EQ(only().last, "250 done");
    change([](store::Transaction& transaction) -> Result<void> {
        EXPECT_EQ(transaction.bytes("mark").value(), "made");
        return {};
    });
}

TEST_F(JobRunnerCase, WhatIsLeftIsPutOffWithItsPayload) {
    put("test");
    kinds["test"] = answering([] { return Postponed{"450 later", "{\"left\":1}", {}, {}}; });
    run_until([this] { return only().state == State::waiting && attempts == 1; });
    EXPECT_EQ(only().payload, "{\"left\":1}");
    EXPECT_GE(only().due, start + seconds(270));
    EXPECT_LE(only().due, start + seconds(330));
}

TEST_F(JobRunnerCase, TheOthersWishToWaitLongerIsRespected) {
    put("test");
    kinds["test"] = answering([] { return Postponed{"450 later", "{}", seconds(7200), {}}; });
    run_until([this] { return only().state == State::waiting && attempts == 1; });
    EXPECT_EQ(only().due, start + seconds(7200));
}

TEST_F(JobRunnerCase, AFailureIsKeptForTheAdministrator) {
    put("test");
    kinds["test"] = answering([] { return Failed{"550 never", {}}; });
    run_until([this] { return only().state == State::failed; });
    EXPECT_EQ(only().last, "550 never");
}

TEST_F(JobRunnerCase, AfterItsTimeAJobIsAttemptedOnceMoreAndNotPutOff) {
    put("test", "1", seconds(60));
    now = start + seconds(61);
    kinds["test"] = answering([] { return Postponed{"450 later", "{}", {}, {}}; });
    run_until([this] { return only().state == State::failed; });
    EXPECT_TRUE(expired_seen);
    EXPECT_EQ(attempts, 1);
    EXPECT_EQ(only().last, "expired: 450 later");
}

TEST_F(JobRunnerCase, JobsOfOtherKindsAreLeftToOthers) {
    put("telephone", "1");
    put("test", "2");
    kinds["test"] = answering([] { return Finished{"250 ok", {}}; });
    run_until([this] { return jobs().at(1).state == State::done; });
    EXPECT_EQ(only().kind, "telephone");
    EXPECT_EQ(only().attempts, 0);
}

TEST_F(JobRunnerCase, AKindThatThrowsIsTriedAgain) {
    put("test");
    kinds["test"] = [](store::Job, std::string, bool) -> asio::awaitable<Attempted> {
        throw std::runtime_error("a bug");
    };
    run_until([this] { return only().attempts == 1 && only().state == State::waiting; });
    EXPECT_THAT(only().last, HasSubstr("a bug"));
}

TEST_F(JobRunnerCase, WhoLostItsLeaseWritesNothing) {
    const std::int64_t id = put("test");
    kinds["test"] = answering([this] {
        now = start + seconds(601);
        change([this](store::Transaction& transaction) -> Result<void> {
            return transaction.claim_jobs("other/2", now, now + seconds(600), 1).map([](const auto&) {});
        });
        return Finished{"250 done", put_mark()};
    });
    run_until([this] { return attempts == 1; });
    EXPECT_EQ(only().id, id);
    EXPECT_EQ(only().state, State::leased);
    EXPECT_EQ(only().owner, "other/2");
    change([](store::Transaction& transaction) -> Result<void> {
        EXPECT_FALSE(transaction.bytes("mark").value());
        return {};
    });
}

asio::awaitable<Attempted> wait_for(std::function<bool()> condition) {
    for (int turns = 0; turns < 1000 && !condition(); ++turns) co_await pause(std::chrono::milliseconds(5));
    co_return Finished{"250 done", {}};
}

TEST_F(JobRunnerCase, ALeaseIsRenewedWhileTheAttemptLasts) {
    settings.lease = seconds(1);
    put("test");
    kinds["test"] = [this](store::Job job, std::string, bool) {
        now = start + seconds(5);
        return wait_for([this, before = job.leased_until] { return only().leased_until > before; });
    };
    run_until([this] { return only().state == State::done; });
    EXPECT_EQ(only().leased_until > start + seconds(1), true);
}

asio::awaitable<Attempted> count_the_end(int* ended) {
    struct Ending {
        int* count;
        ~Ending() { ++*count; }
    } ending{ended};
    co_await pause(std::chrono::minutes(10));
    co_return Finished{"250 done", {}};
}

TEST_F(JobRunnerCase, WhoseLeaseSomebodyElseHasDoesNotGoOn) {
    settings.lease = seconds(1);
    put("test");
    int ended = 0;
    kinds["test"] = [this, &ended](const store::Job&, const std::string&, bool) {
        now = start + seconds(5);
        change([this](store::Transaction& transaction) -> Result<void> {
            return transaction.claim_jobs("other/2", now, now + seconds(600), 1).map([](const auto&) {});
        });
        return count_the_end(&ended);
    };
    run_until([&ended] { return ended == 1; });
    EXPECT_EQ(only().owner, "other/2");
}

// Says that what was asked for is not there, and never will be.
class StoreWithoutBytes : public FailingStore {
  public:
    using FailingStore::FailingStore;
    Result<void> read(store::Work) override { return invalid("job 1 has no bytes"); }
};

TEST_F(JobRunnerCase, AJobWithoutItsMailIsKeptForTheAdministrator) {
    put("test");
    kinds["test"] = answering([] { return Finished{"250 done", {}}; });
    StoreWithoutBytes without(*memory);
    run_until([this] { return only().state == State::failed; }, without);
    EXPECT_EQ(attempts, 0);
    EXPECT_THAT(only().last, HasSubstr("no bytes"));
}

TEST_F(JobRunnerCase, NoMoreJobsThanAllowedAreUnderWayAtOnceAndAllAreDone) {
    for (int number = 0; number < 10; ++number) put("test", std::to_string(number));
    int at_once = 0, most = 0;
    kinds["test"] = [&](store::Job, std::string, bool) -> asio::awaitable<Attempted> {
        return [](int& running, int& peak) -> asio::awaitable<Attempted> {
            peak = std::max(peak, ++running);
            co_await pause(std::chrono::milliseconds(2));
            --running;
            co_return Finished{"250 done", {}};
        }(at_once, most);
    };
    run_until([this] {
        const auto all = jobs();
        return std::ranges::all_of(all, [](const store::Job& job) { return job.state == State::done; });
    });
    EXPECT_EQ(most, 3);
}

TEST_F(JobRunnerCase, AnOutcomeThatCouldNotBeWrittenIsWrittenLater) {
    put("test");
    kinds["test"] = answering([this] {
        store.failing_write = store.writes + 1;
        return Finished{"250 done", {}};
    });
    run_until([this] { return only().state == State::done; });
    EXPECT_EQ(attempts, 1);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
