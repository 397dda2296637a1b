#include "core/runtime/raising.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/mail/offer.h"
#include "core/runtime/alert_jobs.h"

namespace mailrota::runtime {
namespace {

using policy::Alert;
using policy::Incident;
using policy::Joined;
using policy::Trigger;
using store::Time;
using What = policy::Joined::What;

// Mails that were only noted have a line each up to so many of an incident, then one for every so many: a
// flood writes no endless story.
constexpr int mails_told = 50;

// A heartbeat that comes once a month is known all the time.
constexpr std::chrono::days forgotten_after{40};

// What the incident is told by: a mail, or a heartbeat that did not come.
struct Teller {
    std::string key;  // by which it is known again
    std::string subject;
    std::string queue_id;
};

// One trigger on its way into the store. Lives inside one transaction.
class Raising {
  public:
    Raising(store::Transaction& transaction, const Alert& alert, const Trigger& trigger, const Teller& teller,
            Time now)
        : transaction_(transaction), alert_(alert), trigger_(trigger), teller_(teller), now_(now) {}

    Result<Raised> run() {
        // Locks (alert, key), so that what is noted and known below stays true.
        auto live = transaction_.live_incident(alert_.name, trigger_.key, now_);
        if (!live) return tl::unexpected(live.error());
        const std::int64_t number = *live ? (*live)->number : 0;
        const auto fresh = note();
        if (!fresh) return tl::unexpected(fresh.error());
        if (!*fresh) return Raised{trigger_, What::noted, number, "this mail told of it before"};
        auto known = recall(*std::move(live));
        if (!known) return tl::unexpected(known.error());
        const Joined joined = policy::join(alert_, trigger_, *known, now_);
        Raised raised{trigger_, joined.what, number, joined.why};
        if (!joined.incident) return raised;
        const auto put = keep(*joined.incident, joined);
        if (!put) return tl::unexpected(put.error());
        raised.incident = *put;
        return raised;
    }

  private:
    bool resolves() const { return trigger_.kind == Trigger::Kind::resolve; }

    // What resolves is noted apart, as it is no part of a burst. A cleaned key holds no control character.
    Result<bool> note() {
        const std::string_view purpose = resolves() ? "\x1Fresolve " : "";
        return transaction_.note_trigger(alert_.name, fmt::format("{}{}", purpose, trigger_.key), teller_.key,
                                         now_);
    }

    Result<policy::Known> recall(std::optional<Incident> live) {
        policy::Known known;
        if (live) {
            auto lines = transaction_.trigger_lines(live->number);
            if (!lines) return tl::unexpected(lines.error());
            known.lines = *std::move(lines);
        }
        known.live = std::move(live);
        if (!alert_.burst) return known;
        const auto recent =
            transaction_.triggers_since(alert_.name, trigger_.key, now_ - alert_.burst->within);
        if (!recent) return tl::unexpected(recent.error());
        known.recent = *recent;
        return known;
    }

    // Writes the incident and what follows from it; its number.
    Result<std::int64_t> keep(Incident incident, const Joined& joined) {
        const bool escalates = joined.what == What::opened || joined.what == What::reopened;
        if (escalates) {
            incident.mail = teller_.key;
            incident.subject = teller_.subject;
            incident.queue_id = teller_.queue_id;
            incident.rule = trigger_.rule;
        }
        if (auto put = put_incident(incident, joined.what == What::opened); !put)
            return tl::unexpected(put.error());
        if (auto done = remember(incident, joined); !done) return tl::unexpected(done.error());
        if (auto done = follow(incident, escalates); !done) return tl::unexpected(done.error());
        return incident.number;
    }

    Result<void> put_incident(Incident& incident, bool is_new) {
        if (!is_new) return transaction_.put_incident(incident);
        const auto number = transaction_.open_incident(incident);
        if (!number) return tl::unexpected(number.error());
        incident.number = *number;
        return {};
    }

    Result<void> remember(const Incident& incident, const Joined& joined) {
        if (joined.what != What::ignored && !resolves()) {
            if (auto done = transaction_.remember_lines(incident.number, trigger_.lines); !done) return done;
        }
        const bool of_many = joined.what == What::noted && incident.mails > mails_told;
        if (of_many && incident.mails % mails_told != 0) return {};
        const auto by = teller_.queue_id.empty() ? trigger_.rule : "mail " + teller_.queue_id;
        return transaction_.add_line({incident.number, std::string(policy::to_string(joined.what)),
                                      fmt::format("by {}: {}", by, joined.why), now_});
    }

    Result<void> follow(const Incident& incident, bool escalates) {
        if (resolves()) return hasten(transaction_, incident, now_);
        if (!escalates) return {};
        const auto put = transaction_.put_job(escalation_job(incident, now_), {});
        if (!put) return tl::unexpected(put.error());
        return {};
    }

    store::Transaction& transaction_;
    const Alert& alert_;
    const Trigger& trigger_;
    const Teller& teller_;
    Time now_;
};

// Everybody takes (alert, key) in this order. A mail that raises and resolves the same does so in this order,
// too.
std::vector<Trigger> in_order(std::vector<Trigger> triggers) {
    std::ranges::stable_sort(triggers, [](const Trigger& one, const Trigger& other) {
        return std::tie(one.alert, one.key) < std::tie(other.alert, other.key);
    });
    return triggers;
}

Result<void> note_beat(store::Transaction& transaction, const std::string& name, Time now) {
    auto beat = transaction.beat(name);
    if (!beat) return tl::unexpected(beat.error());
    store::Incidents::Beat heard = beat->value_or(store::Incidents::Beat{name, now, {}, {}});
    heard.last = now;
    return transaction.put_beat(heard);
}

Teller teller_of(const mail::Mail& mail) {
    const std::string key =
        mail.key.repeatable ? mail.key.hex : mail::mail_id(mail.envelope.sender, mail.message.bytes());
    return {key, mail.message.subject(), mail.queue_id};
}

// When it is overdue next: after it was heard of, and after the alarm that was given last.
Time due_after(const policy::Heartbeat& heartbeat, const store::Incidents::Beat& beat) {
    auto last = beat.last;
    if (beat.alarmed) last = std::max(last.value_or(Time::min()), *beat.alarmed - heartbeat.grace);
    return policy::overdue_at(heartbeat, beat.begun, last);
}

Time silent_since(const store::Incidents::Beat& beat) {
    return std::max({beat.begun, beat.last.value_or(beat.begun), beat.alarmed.value_or(beat.begun)});
}

bool has_heartbeat(const policy::Policy& policy, std::string_view name) {
    return std::ranges::find(policy.heartbeats(), name, &policy::Heartbeat::name) !=
           policy.heartbeats().end();
}

}  // namespace

Result<std::vector<Raised>> raise(store::Transaction& transaction, const policy::Policy& policy,
                                  const mail::Mail& mail, const policy::Decision& decision, Time now) {
    std::vector<std::string> beats = decision.beats;
    std::ranges::sort(beats);
    for (const std::string& beat : beats)
        if (auto noted = note_beat(transaction, beat, now); !noted) return tl::unexpected(noted.error());
    std::vector<Raised> all;
    if (decision.triggers.empty()) return all;
    const Teller teller = teller_of(mail);
    for (const Trigger& trigger : in_order(decision.triggers)) {
        const Alert* alert = policy.alert(trigger.alert);
        if (alert == nullptr) return invalid("there is no alert \"" + trigger.alert + "\"");
        auto raised = Raising(transaction, *alert, trigger, teller, now).run();
        if (!raised) return tl::unexpected(raised.error());
        all.push_back(*std::move(raised));
    }
    return all;
}

Result<std::vector<Raised>> raise_overdue(store::Transaction& transaction, const policy::Policy& policy,
                                          const policy::Heartbeat& heartbeat, Time now) {
    auto found = transaction.beat(heartbeat.name);
    if (!found) return tl::unexpected(found.error());
    store::Incidents::Beat beat = found->value_or(store::Incidents::Beat{heartbeat.name, now, {}, {}});
    const Time due = due_after(heartbeat, beat);
    const bool overdue_now = now >= due;
    if (*found && !overdue_now) return std::vector<Raised>{};
    // Now, and not when it was due: what was missed while nobody looked is one alarm.
    if (overdue_now) beat.alarmed = now;
    if (auto put = transaction.put_beat(beat); !put) return tl::unexpected(put.error());
    const Alert* alert = policy.alert(heartbeat.alert);
    if (!overdue_now || alert == nullptr) return std::vector<Raised>{};
    const Teller teller{fmt::format("heartbeat {} {}", heartbeat.name, due.time_since_epoch().count()),
                        fmt::format("heartbeat {} did not come", heartbeat.name),
                        {}};
    auto raised = Raising(transaction, *alert, policy::missed(heartbeat, *alert), teller, now).run();
    if (!raised) return tl::unexpected(raised.error());
    return std::vector<Raised>{*std::move(raised)};
}

Result<void> forget_beats(store::Transaction& transaction, const policy::Policy* before,
                          const policy::Policy& policy, Time now) {
    const auto known = transaction.beats();
    if (!known) return tl::unexpected(known.error());
    for (const auto& beat : *known) {
        const bool nobodys = before == nullptr ? silent_since(beat) < now - forgotten_after
                                               : has_heartbeat(*before, beat.name);
        if (!nobodys || has_heartbeat(policy, beat.name)) continue;
        if (auto gone = transaction.forget_beat(beat.name); !gone) return gone;
    }
    return {};
}

Result<Raised> raise_by_hand(store::Transaction& transaction, const policy::Alert& alert,
                             const policy::Trigger& trigger, const std::string& subject,
                             const std::string& id, store::Time now) {
    policy::Alert at_once = alert;
    at_once.burst.reset();
    const Teller teller{"by hand " + id, subject, {}};
    return Raising(transaction, at_once, trigger, teller, now).run();
}

}  // namespace mailrota::runtime
