#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/policy/selftest.h"
#include "core/runtime/connections.h"
#include "core/runtime/contact_kind.h"
#include "core/runtime/selftest_run.h"

namespace mailrota::runtime {

// What the kind "selftest" stands on. All outlive the runner.
struct SelftestServices {
    using Selftests = std::shared_ptr<const std::vector<policy::Selftest>>;

    AlertServices alerts;
    Connections& connections;
    FallbackTerms terms;
    std::function<Selftests()> selftests;  // those in effect

    // Null: there is none of this name in effect.
    static const policy::Selftest* find(const Selftests& selftests, std::string_view name);
};

// The kind of job that carries one run of a self-test on. One attempt does one thing: submits the mail, until
// the MTA has taken it or refused it for good; or looks how far the chain was gone along, and writes the end.
// Each is put off until the next look. A worker that dies between submitting and writing that down submits
// the same mail once more, which is known by its Message-ID and opens no second incident; where the MTA gave
// no answer it is looked first whether the mail is in.
JobKind selftest_kind_on(SelftestServices services);

// What came of a look, for the log. Nothing is said while it waits.
void log_selftest(Log& log, const SelftestRun& run, const SelftestLook& look);

}  // namespace mailrota::runtime
