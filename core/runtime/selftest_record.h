#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// One run of a self-test: what its job carries as its payload.
struct SelftestRun {
    std::string selftest;  // its name
    std::string token;     // 32 hexadecimal digits, random
    std::string alert;     // whose incident is expected
    store::Time begun{};
    std::chrono::seconds within{0};  // for a worker that does not know the self-test (yet)
    std::string by;                  // who asked for it; empty: it was due
    std::string submitted;           // what the MTA said when it took the mail
    std::string trouble;             // why it did not, the last time
    bool refused = false;            // that was for good
    bool over = false;               // its end is known; only an incident that comes late is waited for

    bool operator==(const SelftestRun&) const = default;
};
std::string to_json(const SelftestRun& run);
Result<SelftestRun> read_selftest_run(std::string_view json);

// What is remembered of a self-test, beside the job of a run that is under way.
struct SelftestRecord {
    struct Ended {
        std::string token;
        store::Time begun{};
        store::Time ended{};
        bool passed = false;
        std::string words;          // how far it came
        std::int64_t incident = 0;  // the test's; 0: none

        bool operator==(const Ended&) const = default;
    };

    store::Time known{};                   // looked after since
    std::optional<store::Time> scheduled;  // the last one that was due: with `every` when it began, with `by`
                                           // its time of day, even if it was missed
    std::optional<SelftestRun> run;        // under way
    std::optional<Ended> last;
    std::optional<store::Time> passed;  // the end of the last one that came through
    std::optional<store::Time> left;    // a worker without it began then; one that has it clears this

    bool operator==(const SelftestRecord&) const = default;
};

// Of the self-test of this name; nothing if no worker has looked after it yet. Whoever reads it in order to
// write it names incidents_lock to Store::write().
Result<std::optional<SelftestRecord>> selftest_record(store::Transaction& transaction, std::string_view name);
Result<void> put_selftest_record(store::Transaction& transaction, std::string_view name,
                                 const SelftestRecord& record);
Result<void> drop_selftest_record(store::Transaction& transaction, std::string_view name);

// The names of those that have a record, or had one; ascending.
Result<std::vector<std::string>> selftest_names(store::Transaction& transaction);
Result<void> put_selftest_names(store::Transaction& transaction, const std::vector<std::string>& names);

}  // namespace mailrota::runtime
