#include "core/config/suggest.h"

#include <gtest/gtest.h>

namespace mailrota::config {
namespace {

TEST(Suggest, DistanceCountsSwapsAsOne) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("member", "members"), 1U);
    EXPECT_EQ(edit_distance("memebr", "member"), 1U);
    EXPECT_EQ(edit_distance("Weight", "weight"), 0U);
    EXPECT_EQ(edit_distance("no_match", "no-match"), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Suggest, LongTextsAreLookedAtInPart) { EXPECT_EQ(edit_distance(std::string(1000, 'a'), "b"), 64U); }

TEST(Suggest, TheNearestWinsAndOfEqualsTheFirst) {
    EXPECT_EQ(nearest("orderz", {"order", "orders"}), "order");
    EXPECT_EQ(nearest("ordesr", {"other", "orders"}), "orders");
    EXPECT_EQ(nearest("x", {"orders"}), std::nullopt);
}

TEST(Suggest, WithoutANearOneTheKnownAreNamedIfTheyAreFew) {
    EXPECT_EQ(suggestion("zzz", {"keep", "busy"}), "known: \"keep\" or \"busy\"");
    EXPECT_EQ(suggestion("zzz", {}), "");
    EXPECT_EQ(suggestion("zzz", std::vector<std::string>(17, "keep")), "");
}

}  // namespace
}  // namespace mailrota::config
