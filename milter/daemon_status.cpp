#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <future>

#include "milter/daemon.h"

namespace mailrota::milter {

namespace {

// Whoever asks is not to wait as long as mail does.
constexpr std::chrono::seconds longest_probe{1};

boost::json::object store_status(store::Store* store, const Result<void>& probed) {
    if (store == nullptr) return {{"description", "not open yet"}, {"ok", false}};
    boost::json::object status{{"description", store->description()}, {"ok", probed.has_value()}};
    if (!probed) status["error"] = probed.error().text;
    return status;
}

std::size_t on_older_policy(std::size_t sessions, const runtime::Generation& current) {
    const auto newest = static_cast<std::size_t>(std::max(0, current.sessions->load()));
    return sessions > newest ? sessions - newest : 0;
}

}  // namespace

// A probe that takes longer goes on; once it is over, its answer is of the past.
Result<void> Daemon::probe_store() {
    auto* store = intake_.store();
    if (store == nullptr) return {};
    const auto over_within = [this](std::chrono::seconds limit) {
        return probing_.valid() && probing_.wait_for(limit) == std::future_status::ready;
    };
    if (!probing_.valid() || over_within(std::chrono::seconds(0)))
        probing_ = std::async(std::launch::async, [store] { return store->probe(); });
    if (over_within(longest_probe)) return probing_.get();
    return unavailable("no answer within a second: locked, overloaded or away");
}

std::string Daemon::status() {
    const auto current = policies_->current();
    const auto sessions = engine_.sessions();
    const boost::json::object status{
        {"version", MAILROTA_VERSION},
        {"generation", current->number},
        {"socket", listener().socket},
        {"sessions", sessions},
        {"sessions_on_older_policy", on_older_policy(sessions, *current)},
        {"eom_in_progress", mails_.count()},
        {"oldest_eom_ms", mails_.oldest().count()},
        {"messages", mails_.total()},
        {"store", store_status(intake_.store(), probe_store())},
        {"jit", current->policy->jitted()},
    };
    return boost::json::serialize(status) + '\n';
}

std::string Daemon::metrics() {
    const auto current = policies_->current();
    const auto count = [](auto value) { return static_cast<double>(value); };
    metrics_.set("mailrota_sessions_on_older_policy", "Sessions that keep a policy from before a reload",
                 count(on_older_policy(engine_.sessions(), *current)));
    metrics_.set("mailrota_eom_in_progress", "Mails whose end of message is worked on",
                 count(mails_.count()));
    metrics_.set("mailrota_eom_oldest_seconds", "Age of the oldest of them",
                 count(mails_.oldest().count()) / 1000);
    auto* store = intake_.store();
    metrics_.set("mailrota_store_open", "1 if the store is open", store != nullptr ? 1 : 0);
    if (store != nullptr) {
        const auto counters = store->counters();
        metrics_.set("mailrota_store_works_total", "Pieces of work committed", count(counters.works));
        metrics_.set("mailrota_store_commits_total", "Transactions that held them", count(counters.commits));
        metrics_.set("mailrota_store_failures_total", "Pieces of work that failed", count(counters.failures));
    }
    return metrics_.expose();
}

}  // namespace mailrota::milter
