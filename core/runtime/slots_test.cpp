#include "core/runtime/slots.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;

// Slots and those who want one, on one loop.
struct Taking {
    std::optional<Slots::Slot>& take(std::chrono::milliseconds within = 10s) {
        auto& slot = slots_taken.emplace_back();
        boost::asio::co_spawn(
            context, slots->take(within),
            [&slot](const std::exception_ptr&, Slots::Slot got) { slot.emplace(std::move(got)); });
        context.restart();
        context.poll();
        return slot;
    }
    void poll() {
        context.restart();
        context.poll();
    }

    boost::asio::io_context context{1};
    std::shared_ptr<Slots> slots = std::make_shared<Slots>(2);
    std::list<std::optional<Slots::Slot>> slots_taken;
};

TEST(Slots, WhoComesWhenAllAreTakenWaitsInLine) {
    Taking taking;
    auto& first = taking.take();
    auto& second = taking.take();
    auto& third = taking.take();
    auto& fourth = taking.take();
    EXPECT_TRUE(first && *first && second && *second);
    EXPECT_FALSE(third);
    first.reset();
    taking.poll();
    EXPECT_TRUE(third && *third);
    EXPECT_FALSE(fourth);
    second.reset();
    taking.poll();
    EXPECT_TRUE(fourth && *fourth);
}

TEST(Slots, WhoGetsNoneInTimeGetsAnEmptyOneAndLeavesTheLine) {
    Taking taking;
    auto& first = taking.take();
    taking.take();
    auto& late = taking.take(1ms);
    while (!late) taking.context.run_one();
    EXPECT_FALSE(*late);
    first.reset();
    EXPECT_TRUE(*taking.take());
}

TEST(Slots, WithoutALimitNobodyWaits) {
    Taking taking;
    taking.slots = std::make_shared<Slots>(0);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(*taking.take());
}

}  // namespace
}  // namespace mailrota::runtime
