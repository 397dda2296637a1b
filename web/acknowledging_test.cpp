#include "web/acknowledging.h"

#include <gmock/gmock.h>

namespace mailrota::web {
namespace {

using testing::ElementsAre;

TEST(InParts, ItemsStayTogetherInTheirOrder) {
    wire::Acknowledgement said{"token", {}};
    for (const char* result : {"b1", "a1", "b2", "a2", "a3"})
        said.results.push_back({std::string(1, result[0]), result, {}, {}});
    std::vector<std::vector<std::string>> parts;
    for (const auto& part : in_parts(said, 2)) {
        EXPECT_EQ(part.lease, "token");
        auto& recipients = parts.emplace_back();
        for (const auto& result : part.results) recipients.push_back(result.recipient);
    }
    EXPECT_THAT(parts, ElementsAre(ElementsAre("a1", "a2"), ElementsAre("a3", "b1"), ElementsAre("b2")));
}

TEST(InParts, NothingIsNoPart) { EXPECT_TRUE(in_parts({"token", {}}, 100).empty()); }

}  // namespace
}  // namespace mailrota::web
