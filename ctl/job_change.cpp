#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <functional>
#include <ostream>

#include "core/policy/safe_text.h"
#include "core/runtime/alert_jobs.h"
#include "core/runtime/incident_news.h"
#include "ctl/commands.h"
#include "ctl/job_text.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

// The commands that change jobs by hand: retry, drop.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Contact;
using policy::Incident;
using store::Job;
using store::Time;
using store::Transaction;

// What became of one job.
struct Changed {
    std::int64_t id = 0;
    bool changed = false;
    std::string text;               // what was done, or why nothing was
    std::vector<std::string> lost;  // drop: who does not get the mail
};

// A change by hand of one job, in a transaction.
using Change = std::function<Result<Changed>(Transaction&, const Job&)>;

// A worker that died at it has left it leased: with its fence that lease is ended, so that the job may
// change.
Result<void> end_lost_lease(Transaction& transaction, const Job& job, Time now) {
    if (job.state != Job::State::leased || is_held(job, now)) return {};
    const std::string last = job.last.empty() ? "the worker that had it is gone" : job.last;
    const auto ended = transaction.fail_job(job.id, job.fence, last);
    return ended ? Result<void>() : tl::unexpected(ended.error());
}

Result<void> tell(Transaction& transaction, const Job& job, const std::string& event, Time now) {
    if (job.mail.empty()) return {};
    const std::string text = fmt::format("by hand, job {}: {}", job.id, about_text(job));
    const auto delivery = delivery_of(job);
    if (!delivery || is_notification(*delivery))
        return transaction.add_story({job.mail, "", event, text, now});
    for (const auto& recipient : delivery->recipients) {
        const std::string original = policy::without_controls(recipient.original);
        auto told = transaction.add_story({job.mail, original, event, text, now});
        if (!told) return told;
    }
    return {};
}

Result<Changed> change_one(Transaction& transaction, std::int64_t id, Time now, const Change& change) {
    const auto job = transaction.job(id);
    if (!job) return tl::unexpected(job.error());
    if (!*job) return Changed{id, false, "there is no such job", {}};
    if (is_held(**job, now)) {
        return Changed{
            id, false, "held by " + (*job)->owner + " until " + local_text((*job)->leased_until), {}};
    }
    return change(transaction, **job);
}

Result<Changed> retry_one(Transaction& transaction, const Job& job, Time now, Time expires) {
    if (auto ended = end_lost_lease(transaction, job, now); !ended) return tl::unexpected(ended.error());
    const auto retried = transaction.retry_job(job.id, now, expires);
    if (!retried) return tl::unexpected(retried.error());
    if (!*retried) return Changed{job.id, false, "it is done", {}};
    if (auto told = tell(transaction, job, "retried", now); !told) return tl::unexpected(told.error());
    return Changed{job.id, true, "due now, tried until " + local_text(expires), {}};
}

Changed dropped(const Job& job) {
    if (job.state == Job::State::done) return {job.id, true, "dropped; it was done", {}};
    if (is_hand_on(job))
        return {job.id, true, "dropped; " + about_text(job) + " (mailrota event replay does it again)", {}};
    if (is_about_incident(job))
        return {job.id, true, "dropped; it was about " + about_text(job) + ", nobody does that now", {}};
    const auto delivery = delivery_of(job);
    if (!delivery) return {job.id, true, "dropped, undone", {}};
    auto lost = recipients_of(*delivery);
    const char* what =
        is_notification(*delivery) ? "the notification is not sent to" : "the mail is not delivered to";
    auto text = fmt::format("dropped; {} {}", what, fmt::join(lost, ", "));
    return {job.id, true, std::move(text), std::move(lost)};
}

// The call or SMS that the job is about and that is not over.
Result<std::optional<Contact>> live_contact(Transaction& transaction, const Job& job) {
    const std::string id = contact_of(job);
    if (id.empty()) return std::nullopt;
    auto known = transaction.contact(id);
    if (known && *known && (*known)->over()) return std::nullopt;
    return known;
}

// Why the job may not go; empty: it may. A call that rings while nobody has taken its incident on would ring
// on unseen: an acknowledgement would not stop it, nor would its being answered count.
Result<std::string> needed_for(Transaction& transaction, const Job& job, const Contact& contact) {
    const bool may_ring = contact.way == Contact::Way::call && contact.state != Contact::State::waiting;
    const bool looked_after = job.state == Job::State::waiting || job.state == Job::State::leased;
    if (!may_ring || !looked_after) return std::string();
    const auto incident = transaction.incident(contact.incident);
    if (!incident) return tl::unexpected(incident.error());
    if (!*incident ||
        ((*incident)->state != Incident::State::open && (*incident)->state != Incident::State::exhausted))
        return std::string();
    return fmt::format(
        "{} may ring, and only its job ends that: acknowledge or resolve the incident instead (mailrota "
        "incident ack {})",
        about_text(job, contact), contact.incident);
}

// A call or SMS that nobody looks after any more is over: it takes up no line of its account, and the
// escalation goes on without it.
Result<void> end_contact(Transaction& transaction, const policy::Policy& policy, const Contact& contact,
                         Time now) {
    Contact ended = contact;
    if (ended.state == Contact::State::waiting) ended.status.clear();
    ended.state = Contact::State::cancelled;
    ended.ended = now;
    ended.words = "its job was dropped";
    return runtime::put_changed(transaction, policy, contact, ended, now);
}

Result<Changed> drop_one(Transaction& transaction, const policy::Policy& policy, const Job& job, Time now) {
    const auto contact = live_contact(transaction, job);
    if (!contact) return tl::unexpected(contact.error());
    if (*contact) {
        auto why = needed_for(transaction, job, **contact);
        if (!why) return tl::unexpected(why.error());
        if (!why->empty()) return Changed{job.id, false, *std::move(why), {}};
    }
    if (auto ended = end_lost_lease(transaction, job, now); !ended) return tl::unexpected(ended.error());
    const auto gone = transaction.drop_job(job.id);
    if (!gone) return tl::unexpected(gone.error());
    if (!*gone) return Changed{job.id, false, "somebody has just begun with it", {}};
    if (job.state != Job::State::done)
        if (auto told = tell(transaction, job, "dropped", now); !told) return tl::unexpected(told.error());
    if (!*contact) return dropped(job);
    if (auto ended = end_contact(transaction, policy, **contact, now); !ended)
        return tl::unexpected(ended.error());
    return dropped(job);
}

json::object to_json(const Changed& changed) {
    json::object shown{{"id", changed.id}, {"changed", changed.changed}, {"text", changed.text}};
    if (!changed.lost.empty()) shown["not_delivered"] = json::value_from(changed.lost);
    return shown;
}

// What was not changed is no answer, unless it is asked for as JSON.
Exit print(const std::vector<Changed>& all, Console& console) {
    json::array shown;
    Exit exit = Exit::fine;
    for (const Changed& one : all) {
        if (!one.changed) exit = Exit::no;
        shown.push_back(to_json(one));
        if (!console.json)
            (one.changed ? console.out : console.err << "mailrota: ")
                << "job " << one.id << ": " << one.text << '\n';
    }
    if (console.json) console.out << shown << '\n';
    return exit;
}

Exit change_all(const config::Config& config, const std::vector<std::int64_t>& ids, const Change& change,
                Console& console) {
    const auto store = open_for_change(config);
    if (!store) return fail(console, store.error());
    std::vector<Changed> all;
    // Some may be about incidents.
    const auto written =
        (*store)->write(runtime::incidents_only(), [&](Transaction& transaction) -> Result<void> {
            all.clear();
            for (const std::int64_t id : ids) {
                auto one = change_one(transaction, id, console.clock(), change);
                if (!one) return tl::unexpected(one.error());
                all.push_back(*std::move(one));
            }
            return {};
        });
    if (!written) return fail(console, written.error());
    return print(all, console);
}

}  // namespace

Exit job_retry(const std::string& config_file, const std::vector<std::int64_t>& ids, Console& console) {
    const auto loaded = load_configuration(config_file, console);
    if (!loaded) return Exit::no;
    const Time now = console.clock();
    const Time expires = now + loaded->config->worker.expire;
    const Change retry = [&](Transaction& transaction, const Job& job) {
        return retry_one(transaction, job, now, expires);
    };
    return change_all(*loaded->config, ids, retry, console);
}

Exit job_drop(const std::string& config_file, const std::vector<std::int64_t>& ids, Console& console) {
    const auto loaded = load_configuration(config_file, console);
    if (!loaded) return Exit::no;
    const Time now = console.clock();
    const Change drop = [&](Transaction& transaction, const Job& job) {
        return drop_one(transaction, *loaded->policy, job, now);
    };
    return change_all(*loaded->config, ids, drop, console);
}

}  // namespace mailrota::ctl
