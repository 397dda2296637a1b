#include "core/runtime/async_store.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "core/runtime/async_intake.h"
#include "core/runtime/intake_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

namespace asio = boost::asio;

// Coroutines on an io_context over the failing store of the fixture.
class AsyncStoreCase : public IntakeTest {
  protected:
    asio::awaitable<void> put(AsyncStore& to, std::string name, int& done) {
        store::Work work = [name](store::Transaction& transaction) {
            return transaction.put_bytes(name, "value of " + name);
        };
        const Result<void> written = co_await to.write({}, std::move(work));
        EXPECT_TRUE(written) << (written ? "" : written.error().text);
        EXPECT_EQ(std::this_thread::get_id(), home);
        ++done;
    }
    asio::awaitable<void> read(std::string name, std::vector<std::string>& answers) {
        std::string answer = "error";
        store::Work work = [name, &answer](store::Transaction& transaction) -> Result<void> {
            if (name == "throws") throw std::runtime_error("a bad question");
            if (name == "fails") return invalid("no such thing");
            auto found = transaction.bytes(name);
            if (!found) return tl::unexpected(found.error());
            answer = found->value_or("nothing");
            return {};
        };
        const Result<void> asked = co_await async.read(std::move(work));
        answers.push_back(asked ? answer : asked.error().text);
    }
    void run() {
        home = std::this_thread::get_id();
        context.run();
        context.restart();
    }
    template <class Coroutine>
    void spawn(Coroutine coroutine) {
        asio::co_spawn(context, std::move(coroutine), asio::detached);
    }

    std::thread::id home;
    asio::io_context context{1};
    AsyncStore async{store};
};

TEST_F(AsyncStoreCase, AWorkIsDurableWhenItsCoroutineGoesOnInItsOwnThread) {
    int done = 0;
    for (int number = 0; number < 100; ++number) spawn(put(async, std::to_string(number), done));
    run();
    EXPECT_EQ(done, 100);
    std::vector<std::string> answers;
    spawn(read("57", answers));
    run();
    EXPECT_EQ(answers, std::vector<std::string>{"value of 57"});
}

TEST_F(AsyncStoreCase, WhatWaitsTogetherSharesACommit) {
    AsyncStore direct(*memory);
    const auto before = memory->counters();
    // The first work holds the writer until all others stand in line.
    std::promise<void> all_wait;
    auto waiting = all_wait.get_future().share();
    store::Work slow = [waiting](store::Transaction&) -> Result<void> {
        waiting.wait();
        return {};
    };
    int done = 0;
    spawn([](AsyncStore& to, store::Work work) -> asio::awaitable<void> {
        co_await to.write({}, std::move(work));
    }(direct, slow));
    for (int number = 0; number < 50; ++number) spawn(put(direct, std::to_string(number), done));
    asio::post(context, [&all_wait] { all_wait.set_value(); });
    run();
    EXPECT_EQ(done, 50);
    EXPECT_LE(memory->counters().commits - before.commits, 10U);
}

TEST_F(AsyncStoreCase, AReadThatFailsSpoilsNoOther) {
    int done = 0;
    spawn(put(async, "one", done));
    run();
    std::vector<std::string> answers;
    for (const char* name : {"one", "fails", "one", "throws", "two"}) spawn(read(name, answers));
    run();
    ASSERT_EQ(answers.size(), 5U);
    EXPECT_EQ(answers[0], "value of one");
    EXPECT_EQ(answers[1], "no such thing");
    EXPECT_EQ(answers[2], "value of one");
    EXPECT_NE(answers[3].find("a bad question"), std::string::npos) << answers[3];
    EXPECT_EQ(answers[4], "nothing");
}

TEST_F(AsyncStoreCase, AStoreThatThrowsIsAnErrorForEachWhoWaits) {
    store.fault = FailingStore::Fault::throws;
    std::string said;
    spawn([](AsyncStore& to, std::string& into) -> asio::awaitable<void> {
        const Result<void> written =
            co_await to.write({}, [](store::Transaction&) { return Result<void>(); });
        into = written ? "written" : written.error().text;
    }(async, said));
    run();
    EXPECT_EQ(said, "the driver threw");
}

// The same way of a mail as Intake::take(), by coroutine.
class AsyncIntakeCase : public AsyncStoreCase {
  protected:
    Taken take_async(const policy::Policy& policy, const mail::Mail& mail) {
        Taken taken;
        spawn([](AsyncIntakeCase& self, policy::Policy with, mail::Mail one,
                 Taken& into) -> asio::awaitable<void> {
            auto shared_policy = std::make_shared<const policy::Policy>(std::move(with));
            auto shared_mail = std::make_shared<const mail::Mail>(std::move(one));
            into = co_await runtime::take(self.intake, self.async, shared_policy, shared_mail,
                                          policy::Granularity::per_recipient);
        }(*this, policy, mail, taken));
        run();
        return taken;
    }
};

TEST_F(AsyncIntakeCase, DrawsTheTurnsThatTheBlockingFormFindsAgain) {
    const policy::Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    const mail::Mail first = mail_of({.id = "1"});
    EXPECT_EQ(joined(take_async(policy, first).plan.recipients.at(0).to), "ann");
    EXPECT_EQ(joined(take_async(policy, mail_of({.id = "2"})).plan.recipients.at(0).to), "ben");
    EXPECT_TRUE(take(policy, first).turns.at("orders").replayed);
}

TEST_F(AsyncIntakeCase, DoesNotTouchTheStoreForAMailThatNoRotaConcerns) {
    store.fault = FailingStore::Fault::throws;
    const Taken taken = take_async(policy_of({rota("orders", {"ann"})}),
                                   mail_of({.id = "1", .recipients = {"else@example.com"}}));
    EXPECT_FALSE(taken.trouble);
    EXPECT_TRUE(taken.plan.untouched());
}

TEST_F(AsyncIntakeCase, DefersTheMailWhenTheStoreIsAway) {
    store.fault = FailingStore::Fault::at_once;
    const Taken taken = take_async(policy_of({rota("orders", {"ann"})}), mail_of({.id = "1"}));
    ASSERT_TRUE(taken.trouble);
    ASSERT_TRUE(taken.plan.common_reply());
    EXPECT_EQ(taken.plan.common_reply()->code, 451);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
