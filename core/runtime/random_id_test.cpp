#include "core/runtime/random_id.h"

#include <gtest/gtest.h>

#include <set>

namespace mailrota::runtime {
namespace {

TEST(RandomId, IsOf32HexadecimalDigitsAndNeverTheSame) {
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i) ids.insert(random_id());
    EXPECT_EQ(ids.size(), 1000u);
    for (const std::string& id : ids) {
        EXPECT_EQ(id.size(), 32u);
        EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    }
}

}  // namespace
}  // namespace mailrota::runtime
