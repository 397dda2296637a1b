#include "core/runtime/deadline.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;
using Clock = Deadline::Clock;

class DeadlineTest : public testing::Test {
  protected:
    boost::asio::io_context context;
    int calls = 0;
    std::optional<Deadline> deadline{std::in_place, context.get_executor(), [this] { ++calls; }};
};

TEST_F(DeadlineTest, CallsOnceWhenTheTimeHasComeAndStaysExpired) {
    const auto due = Clock::now() + 20ms;
    deadline->set(due);
    context.run();
    EXPECT_GE(Clock::now(), due);
    EXPECT_TRUE(deadline->expired());
    deadline->set(Clock::now());
    context.restart();
    context.run();
    EXPECT_EQ(calls, 1);
}

TEST_F(DeadlineTest, TheTimeThatWasSetLastCounts) {
    const auto start = Clock::now();
    deadline->set(start + 1h);
    deadline->set(start + 10ms);
    deadline->set(start + 50ms);
    context.run();
    EXPECT_GE(Clock::now(), start + 50ms);
    EXPECT_LT(Clock::now(), start + 10s);
    EXPECT_EQ(calls, 1);
}

TEST_F(DeadlineTest, ATimeThatIsPastExpiresAtTheNextTurn) {
    deadline->set(Clock::now() - 1s);
    EXPECT_EQ(calls, 0);
    context.run();
    EXPECT_EQ(calls, 1);
}

TEST_F(DeadlineTest, ClearedOrGoneItCallsNobody) {
    deadline->set(Clock::now() + 10ms);
    deadline->clear();
    context.run();
    EXPECT_FALSE(deadline->expired());
    deadline->set(Clock::now());
    boost::asio::steady_timer later(context, 5ms);
    later.async_wait([](boost::system::error_code) {});
    deadline.reset();
    context.restart();
    context.run();
    EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace mailrota::runtime
