#include "core/runtime/relay_case_fixture.h"

// What is written together with the end of a consignment's last call.
namespace mailrota::runtime::fixture {
namespace {

using State = store::RelayAttempt::State;
using testing::SizeIs;

class RelayClosing : public RelayCase {
  protected:
    // What its work returns.
    std::vector<Carried> carry_with(Result<void> result, const std::vector<std::string>& recipients) {
        Consignment made = consignment(recipients, some_letter);
        closing = std::make_shared<Closing>();
        closing->make = [this, result](const std::vector<Carried>& carried) -> store::Work {
            ++asked;
            told = carried;
            return [result](store::Transaction&) { return result; };
        };
        made.closing = closing;
        return carry_one(std::move(made));
    }

    std::shared_ptr<Closing> closing;
    int asked = 0;
    std::vector<Carried> told;
};

TEST_F(RelayClosing, IsWrittenWithTheEndOfTheLastCall) {
    one.set("429 Slow down|x");
    const int before = store.writes;
    const auto carried = carry_with({}, {"a@example.com", "b@example.com"});
    EXPECT_EQ(store.writes - before, 3);  // begins, ends and begins, ends
    EXPECT_TRUE(closing->written);
    EXPECT_EQ(asked, 1);
    ASSERT_THAT(told, SizeIs(2));
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(line(told[i]), line(carried[i]));
}

TEST_F(RelayClosing, IsNotWrittenWhereNothingIsCalled) {
    carry();
    const auto carried = carry_with({}, {"a@example.com"});
    EXPECT_TRUE(carried.at(0).replayed);
    EXPECT_FALSE(closing->written);
    EXPECT_EQ(asked, 0);
}

TEST_F(RelayClosing, ThatCannotBeWrittenTakesNothingFromTheEndOfTheCall) {
    carry_with(invalid("no such row"), {"a@example.com"});
    EXPECT_FALSE(closing->written);
    EXPECT_EQ(attempts().at(0).state, State::accepted);
    EXPECT_EQ(one.calls(), 1U);
}

TEST_F(RelayClosing, IsNotWrittenWithoutTheStore) {
    store.failing_write = store.writes + 2;
    const auto carried = carry_with({}, {"a@example.com"});
    EXPECT_EQ(carried.at(0).kind, Carried::Kind::done);
    EXPECT_FALSE(closing->written);
    EXPECT_EQ(attempts().at(0).state, State::begun);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
