#include "worker/selftest_desk.h"

#include "core/runtime/selftest_case_fixture.h"

namespace mailrota::worker {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class SelftestDeskTest : public runtime::fixture::SelftestCase {
  protected:
    SelftestDeskTest() { configured = {weekly}; }

    void look_once() {
        SelftestDesk desk(context.get_executor(), desk_services());
        await(desk.look());
    }
    // Those that are `configured` at each look.
    SelftestDesk::Services desk_services() {
        auto made = services();
        made.selftests = [this] { return std::make_shared<const std::vector<policy::Selftest>>(configured); };
        return {std::move(made), metrics};
    }

    runtime::Metrics metrics;
};

TEST_F(SelftestDeskTest, BeginsWhatIsDueOnceForAllWorkers) {
    look_once();
    EXPECT_THAT(jobs_of(runtime::selftest_kind), IsEmpty());
    now += hours(24 * 7);
    for (int worker = 0; worker < 3; ++worker) look_once();
    EXPECT_THAT(jobs_of(runtime::selftest_kind), SizeIs(1));
}

TEST_F(SelftestDeskTest, EndsARunWhoseJobWasDropped) {
    begin();
    const auto job = jobs_of(runtime::selftest_kind).at(0);
    in_store([&](auto& transaction) { return transaction.drop_job(job.id); });
    now += weekly.within + minutes(10);
    for (int worker = 0; worker < 2; ++worker) look_once();
    ASSERT_THAT(incidents_of("broken"), SizeIs(1));
    EXPECT_THAT(incidents_of("broken")[0].say, HasSubstr("the job of it is gone"));
    ASSERT_THAT(jobs_of(runtime::selftest_kind), SizeIs(1));
    EXPECT_TRUE(runtime::read_selftest_run(jobs_of(runtime::selftest_kind)[0].payload)->over);
}

TEST_F(SelftestDeskTest, OneThatWasOutOfTheConfigurationForWeeksCountsAnew) {
    for (const bool restarted : {true, false}) {
        std::optional<SelftestDesk> desk;
        const auto look = [&] {
            if (!desk || restarted) desk.emplace(context.get_executor(), desk_services());
            await(desk->look());
        };
        look();
        configured.clear();
        now += hours(1);
        look();
        now += hours(24 * 21);
        configured = {weekly};
        look();
        EXPECT_THAT(jobs_of(runtime::selftest_kind), IsEmpty());
        EXPECT_EQ(runtime::next_selftest(weekly, *record()), now + hours(24 * 7));
    }
}

TEST_F(SelftestDeskTest, AWorkerThatDoesNotKnowItEndsNothingForOthers) {
    SelftestDesk desk(context.get_executor(), desk_services());
    await(desk.look());
    const auto due = runtime::next_selftest(weekly, *record());
    now += hours(24);
    for (int starts = 0; starts < 3; ++starts) {
        configured.clear();
        look_once();
        configured = {weekly};
        now += minutes(1);
        await(desk.look());
        now += hours(1);
    }
    EXPECT_EQ(runtime::next_selftest(weekly, *record()), due);
    now = due;
    await(desk.look());
    EXPECT_THAT(jobs_of(runtime::selftest_kind), SizeIs(1));
}

TEST_F(SelftestDeskTest, TheMetricsForgetOneThatIsTakenOut) {
    const auto run = begin();
    answer(open_for(run));
    look(run);
    SelftestDesk desk(context.get_executor(), desk_services());
    await(desk.look());
    EXPECT_THAT(metrics.expose(), HasSubstr("selftest=\"weekly\""));
    configured.clear();
    await(desk.look());
    EXPECT_THAT(metrics.expose(), Not(HasSubstr("selftest=\"weekly\"")));
}

TEST_F(SelftestDeskTest, TellsOnceThatTheStoreCannotBeWritten) {
    look_once();
    now += hours(24 * 7);
    SelftestDesk desk(context.get_executor(), desk_services());
    store.fault = runtime::fixture::FailingStore::Fault::after_the_work;
    testing::internal::CaptureStderr();
    for (int looks = 0; looks < 3; ++looks) await(desk.look());
    const auto told = testing::internal::GetCapturedStderr();
    EXPECT_THAT(told, HasSubstr("selftest-not-looked-after"));
    EXPECT_EQ(told.find("selftest-not-looked-after"), told.rfind("selftest-not-looked-after"));
}

TEST_F(SelftestDeskTest, TellsOfATimeOfDayThatWasMissed) {
    configured[0].due.every = {};
    configured[0].due.by = hours(10);
    look_once();
    now = runtime::next_selftest(configured[0], *record()) + hours(17);  // at three in the morning
    testing::internal::CaptureStderr();
    for (int looks = 0; looks < 2; ++looks) look_once();
    const auto told = testing::internal::GetCapturedStderr();
    EXPECT_THAT(told, HasSubstr("selftest-missed selftest=weekly"));
    EXPECT_EQ(told.find("selftest-missed"), told.rfind("selftest-missed"));
    EXPECT_THAT(jobs_of(runtime::selftest_kind), IsEmpty());
}

TEST_F(SelftestDeskTest, TheMetricsKnowTheLastResultAndTheLastPass) {
    look_once();
    EXPECT_THAT(metrics.expose(), Not(HasSubstr("selftest=\"weekly\"")));
    const auto run = begin();
    answer(open_for(run));
    look(run);
    look_once();
    EXPECT_THAT(metrics.expose(), HasSubstr("mailrota_selftest_passed{selftest=\"weekly\"} 1"));
    EXPECT_THAT(metrics.expose(),
                HasSubstr("mailrota_selftest_last_pass_timestamp_seconds{selftest=\"weekly\"} 17280"));
    now += hours(1);
    const auto failing = begin();
    now += weekly.within;
    look(failing);
    look_once();
    EXPECT_THAT(metrics.expose(), HasSubstr("mailrota_selftest_passed{selftest=\"weekly\"} 0"));
}

TEST_F(SelftestDeskTest, GoesOnWhenTheStoreIsBack) {
    look_once();
    now += hours(24 * 7);
    store.fault = runtime::fixture::FailingStore::Fault::after_the_work;
    look_once();
    EXPECT_THAT(jobs_of(runtime::selftest_kind), IsEmpty());
    store.fault = runtime::fixture::FailingStore::Fault::none;
    look_once();
    EXPECT_THAT(jobs_of(runtime::selftest_kind), SizeIs(1));
}

TEST_F(SelftestDeskTest, EndsWhenItIsTold) {
    SelftestDesk desk(context.get_executor(), desk_services());
    boost::asio::post(context, [&] { desk.stop(); });
    await(desk.look_after());
    EXPECT_EQ(record(), std::nullopt);
}

}  // namespace
}  // namespace mailrota::worker
