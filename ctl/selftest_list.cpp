#include <boost/json.hpp>
#include <optional>
#include <ostream>
#include <vector>

#include "core/policy/safe_text.h"
#include "core/runtime/selftest_run.h"
#include "ctl/amount_text.h"
#include "ctl/selftest_commands.h"
#include "ctl/state.h"
#include "ctl/table.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Selftest;
using runtime::SelftestRecord;
using store::Time;

struct Known {
    const Selftest& selftest;
    std::optional<SelftestRecord> record;

    // Nothing: no worker has looked after it yet, or no day is one of its days.
    std::optional<Time> next() const {
        const auto next = record ? runtime::next_selftest(selftest, *record) : Time::max();
        return next == Time::max() ? std::nullopt : std::optional(next);
    }
};

Cell result_cell(const Known& known, Time now) {
    if (!known.record) return "not seen by any worker yet";
    if (known.record->run) return "under way since " + span_text(now - known.record->run->begun);
    if (!known.record->last) return "-";
    return known.record->last->passed ? Cell("passed", Cell::Mood::good) : Cell("failed", Cell::Mood::bad);
}

std::string words_of(const Known& known) {
    return known.record && known.record->last ? policy::without_controls(known.record->last->words) : "-";
}

std::string last_text(const Known& known) {
    return known.record && known.record->last ? local_text(known.record->last->begun) : "-";
}

void print_table(const std::vector<Known>& all, Console& console) {
    if (all.empty()) {
        console.out << "there are no self-tests\n";
        return;
    }
    const Time now = console.clock();
    Table table({"NAME", "LAST", "RESULT", "NEXT", "HOW FAR IT CAME"});
    for (const Known& known : all) {
        const auto next = known.next();
        table.add({known.selftest.name, last_text(known), result_cell(known, now),
                   next ? local_text(*next) : "-", words_of(known)});
    }
    table.print(console.out, console.colours);
}

json::value time_value(const std::optional<Time>& time) {
    return time ? json::value(utc_text(*time)) : json::value();
}

json::value last_value(const Known& known) {
    if (!known.record || !known.record->last) return {};
    const SelftestRecord::Ended& last = *known.record->last;
    return json::object{{"begun", utc_text(last.begun)},
                        {"ended", utc_text(last.ended)},
                        {"passed", last.passed},
                        {"words", policy::without_controls(last.words)},
                        {"incident", last.incident == 0 ? json::value() : json::value(last.incident)}};
}

void print_json(const std::vector<Known>& all, std::ostream& out) {
    json::array shown;
    for (const Known& known : all) {
        const auto run = known.record && known.record->run ? std::optional(known.record->run->begun)
                                                           : std::optional<Time>();
        shown.push_back(
            json::object{{"name", known.selftest.name},
                         {"alert", known.selftest.alert},
                         {"proof", to_string(known.selftest.proof)},
                         {"last", last_value(known)},
                         {"passed", time_value(known.record ? known.record->passed : std::optional<Time>())},
                         {"under_way", time_value(run)},
                         {"next", time_value(known.next())}});
    }
    out << shown << '\n';
}

}  // namespace

Exit selftest_list(const std::string& config_file, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    std::vector<Known> all;
    for (const Selftest& selftest : view->loaded.config->selftests) {
        auto record = ask(*view->opened.store, [&](store::Transaction& transaction) {
            return runtime::selftest_record(transaction, selftest.name);
        });
        if (!record) return fail(console, record.error());
        all.push_back({selftest, *std::move(record)});
    }
    if (console.json)
        print_json(all, console.out);
    else
        print_table(all, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
