#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <ostream>
#include <thread>

#include "core/config/suggest.h"
#include "core/policy/safe_text.h"
#include "core/runtime/selftest_run.h"
#include "ctl/incident_text.h"
#include "ctl/selftest_commands.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Selftest;
using runtime::SelftestRecord;
using runtime::SelftestRun;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{500};
// A worker ends it a moment after its time at the latest.
constexpr std::chrono::minutes for_the_worker{1};

std::string no_such(const std::string& name, const config::Config& config) {
    std::vector<std::string> known;
    for (const Selftest& one : config.selftests) known.push_back(one.name);
    const std::string near = config::suggestion(name, known);
    return "there is no self-test " + policy::quoted(name) + (near.empty() ? "" : "; " + near);
}

// Until its end is known; nothing if that takes longer than a worker would.
Result<std::optional<SelftestRecord::Ended>> wait_for_end(store::Store& store, const Selftest& selftest,
                                                          const std::string& token) {
    const auto until = steady_clock::now() + selftest.within + for_the_worker;
    while (steady_clock::now() < until) {
        const auto record = ask(store, [&](store::Transaction& transaction) {
            return runtime::selftest_record(transaction, selftest.name);
        });
        if (!record) return tl::unexpected(record.error());
        if (*record && (*record)->last && (*record)->last->token == token) return (*record)->last;
        std::this_thread::sleep_for(between_looks);
    }
    return std::optional<SelftestRecord::Ended>();
}

Exit print_end(const std::string& name, const SelftestRecord::Ended& ended, Console& console) {
    const std::string words = policy::without_controls(ended.words);
    if (console.json)
        console.out << json::object{{"name", name},
                                    {"passed", ended.passed},
                                    {"words", words},
                                    {"incident", ended.incident == 0 ? json::value() : ended.incident}}
                    << '\n';
    else if (ended.passed)
        console.out << "self-test " << name << " has come through: " << words << '\n';
    else
        fail(console, Exit::no, "self-test " + name + " has failed: " + words);
    return ended.passed ? Exit::fine : Exit::no;
}

}  // namespace

Exit selftest_run(const SelftestRequest& request, Console& console) {
    const auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return Exit::no;
    const Selftest* selftest = loaded->config->selftest(request.name);
    if (selftest == nullptr) return fail(console, Exit::no, no_such(request.name, *loaded->config));
    const auto store = open_for_change(*loaded->config);
    if (!store) return fail(console, store.error());
    std::optional<SelftestRun> run;
    bool under_way = false;
    const auto written = (*store)->write(
        {std::string(store::incidents_lock)}, [&](store::Transaction& transaction) -> Result<void> {
            auto begun = runtime::begin_selftest(transaction, *selftest, at_the_console(), console.clock());
            if (!begun) return tl::unexpected(begun.error());
            run = *std::move(begun);
            const auto record = runtime::selftest_record(transaction, selftest->name);
            if (!record) return tl::unexpected(record.error());
            under_way = *record && (*record)->run;
            return {};
        });
    if (!written) return fail(console, written.error());
    if (!run)
        return fail(
            console, Exit::no,
            "self-test " + selftest->name +
                (under_way ? " is under way already" : " has begun and ended in this second: try again"));
    if (!request.wait) {
        if (console.json)
            console.out << json::object{{"name", selftest->name}, {"begun", true}} << '\n';
        else
            console.out << "self-test " << selftest->name << " has begun; it ends within "
                        << selftest->within.count() << " s: mailrota selftest list\n";
        return Exit::fine;
    }
    const auto ended = wait_for_end(**store, *selftest, run->token);
    if (!ended) return fail(console, ended.error());
    if (!*ended)
        return fail(console, Exit::away,
                    "nothing has come of self-test " + selftest->name + ": is mailrota-worker running?");
    return print_end(selftest->name, **ended, console);
}

}  // namespace mailrota::ctl
