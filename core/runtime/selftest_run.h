#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/policy.h"
#include "core/policy/selftest.h"
#include "core/runtime/escalation_kind.h"
#include "core/runtime/selftest_record.h"

namespace mailrota::runtime {

// How a self-test begins and ends, each inside the caller's transaction, which names incidents_lock. So of
// several workers one begins a run, and one ends it.

inline constexpr std::string_view selftest_kind = "selftest";

// The job of the run; of one that is over, the job that waits for a mail that comes late. Pure.
store::Job selftest_job(const SelftestRun& run, store::Time now);

// When the next one is due. Pure.
store::Time next_selftest(const policy::Selftest& selftest, const SelftestRecord& record);

// Begins a run now and writes its job, if none is under way and none began in this second; `by`: who asks for
// it.
Result<std::optional<SelftestRun>> begin_selftest(store::Transaction& transaction,
                                                  const policy::Selftest& selftest, const std::string& by,
                                                  store::Time now);
// What was due.
struct DueSelftest {
    std::optional<SelftestRun> run;     // begun now
    std::optional<store::Time> missed;  // its time of day is over by more than an hour: left to the next one
};
// Begins a run if one is due and none is under way. What was missed with `every` while nobody looked is one
// run; with `by` nobody is to be rung at three in the morning because the host came back then. Notes since
// when the self-test is known: one that was out of the configuration counts anew.
Result<DueSelftest> begin_due_selftest(store::Transaction& transaction, const policy::Selftest& selftest,
                                       store::Time now);

// Notes that a worker has begun to look after these, and no others. Of several workers some may know one that
// others do not (yet): it counts anew only if for minutes nobody looked after it.
Result<void> note_selftests(store::Transaction& transaction, const std::vector<std::string>& names,
                            store::Time now);

// Whether for minutes no worker had the self-test in its configuration. Pure.
bool is_left(const SelftestRecord& record, store::Time now);

// What a look at a run came to.
struct SelftestLook {
    enum class What {
        waits,
        passed,  // just now, or by an attempt that may not have lived to say so
        failed,  // likewise: the alarm is raised, who is to be told is told
        late,    // the incident of a run that is over has come, and is resolved
        over,    // nothing is left to do
    };
    What what = What::over;
    std::string words;          // how far it came
    std::int64_t incident = 0;  // the test's; 0: none
    std::int64_t alarm = 0;     // incident of the alarm; 0: none
};
std::string_view to_string(SelftestLook::What what);

// The run that is under way but that no job can be carrying on, so long is it over: the job was dropped, or
// failed. To be looked at by whoever finds it.
std::optional<SelftestRun> stranded_run(const policy::Selftest& selftest, const SelftestRecord& record,
                                        store::Time now);

// Looks how far the run has come. When it has passed or failed that is written, once: its incident is
// resolved, so that nobody else is called; a failure raises the alarm and tells by mail, a pass resolves the
// alarm's incident of an earlier failure. A run that fails before there is an incident leaves a job (a run
// that is `over`) by which one that opens within a day is resolved, too. `selftest` is null if the worker's
// configuration does not have it: then it is left to other workers, and ends without a result when they would
// have ended it.
Result<SelftestLook> look_at_selftest(store::Transaction& transaction, const policy::Policy& policy,
                                      const policy::Selftest* selftest, const SelftestRun& run,
                                      const FallbackTerms& terms, store::Time now);

}  // namespace mailrota::runtime
