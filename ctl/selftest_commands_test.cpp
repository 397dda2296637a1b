#include <thread>

#include "core/runtime/selftest_run.h"
#include "ctl/incident_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;

const char* const two_tests = R"(
[alert.broken]
say = "{reason}"
acknowledge = "answer"
escalate = [{ rota = "lead" }]
[selftest.weekly]
to = "alarm@example.com"
alert = "disk"
every = "7d"
alarm = "broken"
[selftest.daily]
to = "alarm@example.com"
alert = "disk"
by = "10:00"
tell = "ops@example.com"
)";

class SelftestCommand : public IncidentFixture {
  protected:
    SelftestCommand() { configure("http://127.0.0.1:9", two_tests); }

    void remember(const runtime::SelftestRecord& record) {
        change([&](store::Transaction& transaction) {
            return runtime::put_selftest_record(transaction, "weekly", record);
        });
    }
    std::optional<runtime::SelftestRecord> record() {
        std::optional<runtime::SelftestRecord> found;
        change([&](store::Transaction& transaction) -> Result<void> {
            found = runtime::selftest_record(transaction, "weekly").value();
            return {};
        });
        return found;
    }
    static runtime::SelftestRecord::Ended ended(bool passed) {
        return {"abc", at(-60), at(-58), passed, passed ? "a call was answered" : "the MTA\ntook it", 17};
    }
};

TEST_F(SelftestCommand, ListTellsWhatCameOfThemAndWhenTheyAreDue) {
    remember({at(-600), {}, {}, ended(false), {}, {}});
    EXPECT_EQ(run({"selftest", "list"}), 0) << err;
    EXPECT_EQ(
        out,
        "NAME    LAST                 RESULT                      NEXT                 HOW FAR IT CAME\n"
        "weekly  2026-11-20 09:00:00  failed                      2026-11-27 00:00:00  the MTA took it\n"
        "daily   -                    not seen by any worker yet  -                    -\n");
    EXPECT_EQ(run({"selftest", "list", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("name":"weekly","alert":"disk","proof":"delivered","last":{"begun":)"
                               R"("2026-11-20T09:00:00Z","ended":"2026-11-20T09:02:00Z","passed":false)"));
    EXPECT_THAT(out, HasSubstr(R"("passed":null,"under_way":null,"next":"2026-11-27T00:00:00Z")"));
}

TEST_F(SelftestCommand, RunBeginsOneAndLeavesOneThatIsUnderWayAlone) {
    EXPECT_EQ(run({"selftest", "run", "weekly"}), 0) << err;
    EXPECT_EQ(out, "self-test weekly has begun; it ends within 900 s: mailrota selftest list\n");
    ASSERT_TRUE(record()->run);
    EXPECT_EQ(record()->run->begun, now);
    EXPECT_EQ(run({"selftest", "run", "weekly"}), 1);
    EXPECT_EQ(err, "mailrota: self-test weekly is under way already\n");
    EXPECT_EQ(run({"selftest", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("under way since 0s"));
    EXPECT_EQ(run({"job", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("selftest weekly "));
    EXPECT_THAT(out, testing::Not(HasSubstr(record()->run->token)));
}

TEST_F(SelftestCommand, RunSaysSoIfAnotherOneBeganAndEndedInThisSecond) {
    EXPECT_EQ(run({"selftest", "run", "weekly"}), 0) << err;
    auto known = *record();
    auto last = ended(false);
    last.begun = last.ended = now;
    remember({known.known, {}, {}, last, {}, {}});
    EXPECT_EQ(run({"selftest", "run", "weekly"}), 1);
    EXPECT_EQ(err, "mailrota: self-test weekly has begun and ended in this second: try again\n");
}

TEST_F(SelftestCommand, RunNamesTheNearestOneThereIs) {
    EXPECT_EQ(run({"selftest", "run", "weakly"}), 1);
    EXPECT_EQ(err, "mailrota: there is no self-test \"weakly\"; did you mean \"weekly\"?\n");
}

TEST_F(SelftestCommand, RunWaitsForTheEndIfItIsToldTo) {
    for (const bool passes : {true, false}) {
        const std::jthread worker([&] {
            std::optional<runtime::SelftestRecord> begun = record();
            while (!begun || !begun->run) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
                begun = record();
            }
            auto last = ended(passes);
            last.token = begun->run->token;
            remember({begun->known, {}, {}, last, {}, {}});
        });
        EXPECT_EQ(run({"selftest", "run", "weekly", "--wait"}), passes ? 0 : 1);
        EXPECT_EQ(passes ? out : err, passes ? "self-test weekly has come through: a call was answered\n"
                                             : "mailrota: self-test weekly has failed: the MTA took it\n");
        // The next run begins in the same second.
        change([](store::Transaction& transaction) -> Result<void> {
            const auto jobs = transaction.jobs(false, 100).value();
            for (const auto& job : jobs) {
                if (job.kind != runtime::selftest_kind) continue;
                EXPECT_TRUE(transaction.drop_job(job.id).value());
            }
            return {};
        });
    }
}

}  // namespace
}  // namespace mailrota::ctl
