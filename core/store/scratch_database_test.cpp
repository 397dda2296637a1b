#include <cstdlib>
#include <filesystem>

#include "core/store/store_fixture.h"

namespace mailrota::store {
namespace {

namespace fs = std::filesystem;

// $TMPDIR is another one while this lives.
class OtherPlace {
  public:
    explicit OtherPlace(const std::string& place) {
        if (const char* before = std::getenv("TMPDIR")) before_ = before;
        ::setenv("TMPDIR", place.c_str(), 1);
    }
    OtherPlace(const OtherPlace&) = delete;
    ~OtherPlace() {
        if (before_)
            ::setenv("TMPDIR", before_->c_str(), 1);
        else
            ::unsetenv("TMPDIR");
    }

  private:
    std::optional<std::string> before_;
};

TEST(ScratchDatabase, IsInAPrivateFolderThatEndsWithTheStore) {
    const rig::TemporaryFolder place;
    const OtherPlace other(place.path().string());
    auto store = value_of(open_store("memory:"));
    ASSERT_TRUE(store);
    EXPECT_EQ(store->description(), "memory:");
    succeed(store->write({"orders"}, count_turn("orders", "ann")));
    EXPECT_EQ(state_of(*store, "orders")["ann"].turns, 1);
    EXPECT_EQ(fs::status(fs::directory_iterator(place.path())->path()).permissions(), fs::perms::owner_all);
    store.reset();
    EXPECT_TRUE(fs::is_empty(place.path()));
}

TEST(ScratchDatabase, EachOpeningIsAnother) {
    auto one = value_of(open_store("memory:"));
    auto two = value_of(open_store("memory:"));
    succeed(one->write({"orders"}, count_turn("orders", "ann")));
    EXPECT_TRUE(state_of(*two, "orders").empty());
}

TEST(ScratchDatabase, IsUnavailableWhereNoFolderCanBeMade) {
    const OtherPlace other("/nowhere/at/all");
    expect_error(open_store("memory:").map([](const auto&) {}), ErrorKind::unavailable, "/nowhere/at/all");
}

}  // namespace
}  // namespace mailrota::store
