#include "web/router.h"

#include <gmock/gmock.h>

namespace mailrota::web {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

boost::asio::awaitable<Response> nothing(Request) { co_return Response(); }

Router sample() {
    Router router;
    router.add({"GET", "/", nothing});
    router.add({"GET", "/boxes/{box}", nothing});
    router.add({"POST", "/boxes/{box}/lease", nothing, 100});
    router.add({"GET", "/boxes/{box}/messages/{id}", nothing});
    router.add({"DELETE", "/boxes/{box}", nothing});
    return router;
}

TEST(Router, NamesTheSegmentsInBraces) {
    const auto router = sample();
    const auto found = std::get<Router::Found>(router.find("GET", {"boxes", "web", "messages", "4f/2"}));
    EXPECT_EQ(found.route->pattern, "/boxes/{box}/messages/{id}");
    EXPECT_THAT(found.named, ElementsAre(Pair("box", "web"), Pair("id", "4f/2")));
    EXPECT_THAT(std::get<Router::Found>(router.find("GET", {})).named, IsEmpty());
}

TEST(Router, HeadIsAGet) {
    const auto router = sample();
    EXPECT_EQ(std::get<Router::Found>(router.find("HEAD", {"boxes", "web"})).route->method, "GET");
    EXPECT_TRUE(std::holds_alternative<Router::NoSuchMethod>(router.find("HEAD", {"boxes", "web", "lease"})));
}

TEST(Router, AWrongMethodIsToldTheRightOnes) {
    const auto router = sample();
    EXPECT_EQ(std::get<Router::NoSuchMethod>(router.find("PUT", {"boxes", "web"})).allow,
              "GET, HEAD, DELETE");
    EXPECT_EQ(std::get<Router::NoSuchMethod>(router.find("get", {"boxes", "web", "lease"})).allow, "POST");
}

TEST(Router, AnyOtherPathIsUnknown) {
    const auto router = sample();
    for (const std::vector<std::string>& segments : {std::vector<std::string>{"boxes"},
                                                     {"boxes", ""},
                                                     {"Boxes", "web"},
                                                     {"boxes", "web", "lease", ""},
                                                     {""}})
        EXPECT_TRUE(std::holds_alternative<Router::NoSuchPath>(router.find("GET", segments)));
}

}  // namespace
}  // namespace mailrota::web
