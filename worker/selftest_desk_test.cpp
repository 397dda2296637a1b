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
        SelftestDesk desk(context.get_executor(), {services(), metrics});
        await(desk.look());
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
    SelftestDesk desk(context.get_executor(), {services(), metrics});
    boost::asio::post(context, [&] { desk.stop(); });
    await(desk.look_after());
    EXPECT_EQ(record(), std::nullopt);
}

}  // namespace
}  // namespace mailrota::worker
