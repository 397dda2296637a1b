#include "core/store/relay_fixture.h"

namespace mailrota::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SuppressionsContract : public StoreTest {
  protected:
    bool add(const Suppression& entry) {
        return change(*store_, [&](Transaction& t) { return t.suppress(entry); });
    }
    bool remove(std::string_view address) {
        return change(*store_, [&](Transaction& t) { return t.unsuppress(address); });
    }
    std::vector<Suppression> of(const std::vector<std::string>& addresses) {
        return ask(*store_, [&](Transaction& t) { return t.suppressed(addresses); });
    }
    std::vector<std::string> listed(std::string_view after, std::size_t limit = 10) {
        std::vector<std::string> addresses;
        for (const auto& one : ask(*store_, [&](Transaction& t) { return t.suppressions(after, limit); }))
            addresses.push_back(one.address);
        return addresses;
    }
    static Suppression some(std::string address) {
        return {std::move(address), "bounced", "sendgrid", "550 5.1.1 User not found", at(1000)};
    }
};
INSTANTIATE_TEST_SUITE_P(Each, SuppressionsContract, ::testing::Values("sqlite", "postgresql"),
                         parameter_name);

TEST_P(SuppressionsContract, AnAddressIsOnTheListOnceHoweverItIsWritten) {
    const Suppression ann = some("Ann@Example.com");
    EXPECT_TRUE(add(ann));
    EXPECT_FALSE(add({"<ann@example.com>", "manual", "", "", at(2000)}));
    EXPECT_THAT(of({"ben@example.com", "\"ANN\"@example.com", "ann@example.com"}), ElementsAre(ann));
    EXPECT_THAT(of({}), IsEmpty());
    EXPECT_TRUE(remove("<ANN@example.com>"));
    EXPECT_FALSE(remove("ann@example.com"));
    EXPECT_THAT(of({"ann@example.com"}), IsEmpty());
}

TEST_P(SuppressionsContract, KeepsEveryFieldWhateverItsBytes) {
    const std::string odd = every_byte();
    const Suppression entry{odd, odd, odd, odd, at(-3)};
    EXPECT_TRUE(add(entry));
    EXPECT_THAT(of({odd}), ElementsAre(entry));
}

TEST_P(SuppressionsContract, TheNullAddressIsNeverOnTheList) {
    for (const char* null : {"", "<>", " "})
        expect_error(
            store_->write({}, [&](Transaction& t) { return t.suppress(some(null)).map([](bool) {}); }),
            ErrorKind::invalid, "null address");
    EXPECT_THAT(of({"", "<>"}), IsEmpty());
    EXPECT_FALSE(remove(""));
}

TEST_P(SuppressionsContract, TheListIsInOrderAndGoesOnAfterAnyAddress) {
    for (const char* address : {"zoe@example.com", "Ben@example.com", "ann@example.net", "ann@example.com"})
        EXPECT_TRUE(add(some(address)));
    EXPECT_THAT(listed(""),
                ElementsAre("ann@example.com", "ann@example.net", "Ben@example.com", "zoe@example.com"));
    EXPECT_THAT(listed("", 2), ElementsAre("ann@example.com", "ann@example.net"));
    EXPECT_THAT(listed("ann@example.net", 1), ElementsAre("Ben@example.com"));
    EXPECT_THAT(listed("BEN@example.com"), ElementsAre("zoe@example.com"));
    EXPECT_THAT(listed("cho"), ElementsAre("zoe@example.com"));
    EXPECT_THAT(listed("zoe@example.com"), IsEmpty());
}

TEST_P(SuppressionsContract, ThousandsAreLookedUpAtOnceAndNeverForgotten) {
    std::vector<std::string> addresses;
    for (int i = 0; i < 1500; ++i) addresses.push_back("n" + std::to_string(i) + "@example.com");
    succeed(store_->write({}, [&](Transaction& t) -> Result<void> {
        for (std::size_t i = 0; i < addresses.size(); i += 2)
            if (auto added = t.suppress(some(addresses[i])); !added) return tl::unexpected(added.error());
        return {};
    }));
    EXPECT_EQ(value_of(store_->purge(at(1'000'000), std::chrono::seconds(1))), 0u);
    EXPECT_EQ(of(addresses).size(), 750u);
}

}  // namespace
}  // namespace mailrota::store
