#include "worker/tally.h"

#include <gtest/gtest.h>

namespace mailrota::worker {
namespace {

using State = store::Job::State;

store::Job job(State state, int created, int due) {
    store::Job made;
    made.state = state;
    made.created = store::Time(std::chrono::seconds(created));
    made.due = store::Time(std::chrono::seconds(due));
    return made;
}

TEST(Tally, CountsWhatIsDueWhatWaitsAndWhatFailed) {
    const std::vector<store::Job> jobs{job(State::waiting, 100, 900), job(State::waiting, 200, 2000),
                                       job(State::leased, 300, 400), job(State::failed, 10, 20),
                                       job(State::done, 1, 1)};
    EXPECT_EQ(to_lines(tally_of(jobs, store::Time(std::chrono::seconds(1000)))),
              "jobs_due: 2\njobs_waiting: 1\njobs_failed: 1\noldest_job_s: 900\n");
    EXPECT_EQ(to_lines(tally_of({}, {})), "jobs_due: 0\njobs_waiting: 0\njobs_failed: 0\n");
}

}  // namespace
}  // namespace mailrota::worker
