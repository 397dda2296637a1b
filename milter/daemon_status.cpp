#include <algorithm>
#include <boost/json.hpp>

#include "milter/daemon.h"

namespace mailrota::milter {

namespace {

std::size_t on_older_policy(std::size_t sessions, const runtime::Generation& current) {
    const auto newest = static_cast<std::size_t>(std::max(0, current.sessions->load()));
    return sessions > newest ? sessions - newest : 0;
}

}  // namespace

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
        {"store", housekeeping_.store_status()},
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
    housekeeping_.count_store();
    return metrics_.expose();
}

}  // namespace mailrota::milter
