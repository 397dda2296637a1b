#include "web/memory_budget.h"

#include <gtest/gtest.h>

namespace mailrota::web {
namespace {

TEST(MemoryBudget, IsGivenBackByItsShares) {
    MemoryBudget budget(100);
    auto first = budget.take(60);
    EXPECT_TRUE(first);
    EXPECT_FALSE(budget.take(41));
    EXPECT_TRUE(budget.take(40));
    first.reset();
    EXPECT_TRUE(budget.take(100));
}

TEST(MemoryBudget, HasRoomForOneWhateverItsSize) {
    MemoryBudget budget(100);
    const auto large = budget.take(1000);
    EXPECT_TRUE(large);
    EXPECT_FALSE(budget.take(1));
}

}  // namespace
}  // namespace mailrota::web
