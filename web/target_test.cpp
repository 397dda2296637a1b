#include "web/target.h"

#include <gmock/gmock.h>

namespace mailrota::web {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Target, IsSplitBeforeItIsDecoded) {
    const auto target = parse_target("/boxes/a%2Fb/lease?lease=x%20y+z&empty=&flag");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/boxes/a%2Fb/lease");
    EXPECT_THAT(target->segments, ElementsAre("boxes", "a/b", "lease"));
    EXPECT_THAT(target->query, ElementsAre(Pair("empty", ""), Pair("flag", ""), Pair("lease", "x y z")));
}

TEST(Target, OfAProxyLosesItsAuthority) {
    EXPECT_THAT(parse_target("http://web.example.com/boxes/a")->segments, ElementsAre("boxes", "a"));
    EXPECT_THAT(parse_target("https://web.example.com")->segments, IsEmpty());
}

TEST(Target, KeepsEmptySegmentsApart) {
    EXPECT_THAT(parse_target("//boxes//a")->segments, ElementsAre("", "boxes", "", "a"));
    EXPECT_THAT(parse_target("/boxes/")->segments, ElementsAre("boxes"));
}

TEST(Target, OfTwoValuesTheFirstCounts) {
    EXPECT_THAT(parse_target("/?a=1&a=2")->query, ElementsAre(Pair("a", "1")));
}

TEST(Target, RefusesWhatNoHonestClientSends) {
    for (const char* text : {"", "*", "boxes", "example.com:25", "/a/../b", "/a/%2e%2E/b", "/./a", "/a%",
                             "/a%2", "/a%zz", "/a%00b", "/a%0Ab", "/?a=%", "/?%01=b"})
        EXPECT_FALSE(parse_target(text)) << text;
}

TEST(Target, BoundsItsQuery) {
    std::string text = "/?";
    for (int i = 0; i < 101; ++i) text += "n" + std::to_string(i) + "=1&";
    EXPECT_FALSE(parse_target(text));
}

}  // namespace
}  // namespace mailrota::web
