#include "core/runtime/alert_case_fixture.h"

// Which heartbeats a configuration that lacks them forgets.
namespace mailrota::runtime::fixture {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::SizeIs;

class ForgottenBeatsTest : public AlertCase {
  protected:
    void begin(const std::string& name, std::optional<store::Time> last = std::nullopt) {
        run([&](auto& transaction) { return transaction.put_beat({name, now, last, {}}); });
    }
    // The names that are known still.
    std::vector<std::string> left(const policy::Policy* before, const policy::Policy& policy) {
        run([&](auto& transaction) { return forget_beats(transaction, before, policy, now); });
        std::vector<std::string> names;
        for (const auto& beat : in_store([](auto& transaction) { return transaction.beats(); }))
            names.push_back(beat.name);
        return names;
    }
    policy::Policy with_backup() {
        policy::Heartbeat heartbeat;
        heartbeat.name = "backup";
        heartbeat.alert = "emergency";
        heartbeat.every = hours(1);
        heartbeats = {heartbeat};
        auto made = policy();
        heartbeats.clear();
        return made;
    }
};

TEST_F(ForgottenBeatsTest, AStartForgetsOnlyThoseOfWhichNothingWasHeardForLong) {
    begin("backup");
    begin("of another node");
    begin("monthly", now + hours(24 * 30));
    EXPECT_THAT(left(nullptr, policy()), SizeIs(3));
    now += hours(24 * 41);
    EXPECT_THAT(left(nullptr, with_backup()), ElementsAre("backup", "monthly"));
}

TEST_F(ForgottenBeatsTest, ANewConfigurationForgetsThoseThatTheOneBeforeItHad) {
    begin("backup");
    begin("of another node");
    EXPECT_THAT(left(nullptr, with_backup()), SizeIs(2));
    const auto before = with_backup();
    EXPECT_THAT(left(&before, with_backup()), SizeIs(2));
    EXPECT_THAT(left(&before, policy()), ElementsAre("of another node"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
