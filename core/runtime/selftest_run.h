#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/policy/policy.h"
#include "core/policy/selftest.h"
#include "core/runtime/escalation_kind.h"
#include "core/runtime/selftest_record.h"

namespace mailrota::runtime {

// How a self-test begins and ends, each inside the caller's transaction, which names incidents_lock. So of
// several workers one begins a run, and one ends it.

inline constexpr std::string_view selftest_kind = "selftest";

// When the next one is due. Pure.
store::Time next_selftest(const policy::Selftest& selftest, const SelftestRecord& record);

// Begins a run now and writes its job, if none is under way; `by`: who asks for it.
Result<std::optional<SelftestRun>> begin_selftest(store::Transaction& transaction,
                                                  const policy::Selftest& selftest, const std::string& by,
                                                  store::Time now);
// Begins a run if one is due and none is under way: what was missed while nobody looked is one run. Notes
// since when the self-test is known.
Result<std::optional<SelftestRun>> begin_due_selftest(store::Transaction& transaction,
                                                      const policy::Selftest& selftest, store::Time now);

// What a look at a run came to.
struct SelftestLook {
    enum class What {
        waits,
        passed,  // just now
        failed,  // just now: the alarm is raised, who is to be told is told
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
// alarm's incident of an earlier failure. After a failure an incident that opens within a day is resolved,
// too. `selftest` is null if the configuration has it no more: then it ends without a result.
Result<SelftestLook> look_at_selftest(store::Transaction& transaction, const policy::Policy& policy,
                                      const policy::Selftest* selftest, const SelftestRun& run,
                                      const FallbackTerms& terms, store::Time now);

}  // namespace mailrota::runtime
