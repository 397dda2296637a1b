#include "core/runtime/escalation_kind.h"

#include <algorithm>
#include <utility>

#include "core/policy/escalation.h"
#include "core/runtime/alert_jobs.h"
#include "core/runtime/incident_notice.h"
#include "core/runtime/on_call.h"
#include "core/runtime/random_id.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using policy::Alert;
using policy::Incident;
using std::chrono::seconds;
using store::Time;

constexpr seconds after_a_fault{2};
constexpr seconds while_contacts_last{60};  // their ends make the escalation due at once

// What one attempt came to.
struct Went {
    bool over = false;
    std::string words;
    seconds wait{0};
};

// One attempt at one incident's escalation, inside its transaction.
class Going {
  public:
    Going(store::Transaction& transaction, const policy::Policy& policy, const FallbackTerms& terms,
          Escalating escalating, Time now)
        : transaction_(transaction), policy_(policy), terms_(terms), escalating_(escalating), now_(now) {}

    Result<Went> run(const std::vector<std::string>& locked) {
        const auto incident = transaction_.incident(escalating_.incident);
        if (!incident) return tl::unexpected(incident.error());
        if (!*incident) return Went{true, "the incident is gone", {}};
        const Incident& now_is = **incident;
        if (now_is.escalations != escalating_.escalation)
            return Went{true, "the incident escalates anew", {}};
        if (now_is.state != Incident::State::open)
            return Went{true, std::string(policy::to_string(now_is.state)), {}};
        const Alert* alert = policy_.alert(now_is.alert);
        if (alert == nullptr) return without_alert(now_is);
        // A reload between looking and locking: once more with the right rotas.
        if (rotas_of(*alert) != locked) return Went{false, "the configuration has changed", after_a_fault};
        return advance(*alert, now_is);
    }

  private:
    // The alert may come back with the next configuration, as long as the window lasts.
    Result<Went> without_alert(Incident incident) {
        const std::string why = "the configuration has no alert \"" + incident.alert + "\"";
        if (now_ < incident.until) return Went{false, why, while_contacts_last};
        incident.state = Incident::State::exhausted;
        incident.changed = now_;
        if (auto put = transaction_.put_incident(incident); !put) return tl::unexpected(put.error());
        if (auto put = transaction_.add_line({incident.number, "exhausted", why, now_}); !put)
            return tl::unexpected(put.error());
        return Went{true, why, {}};
    }

    Result<Went> advance(const Alert& alert, const Incident& incident) {
        const auto on_call = read_on_call(transaction_, policy_, alert);
        if (!on_call) return tl::unexpected(on_call.error());
        const auto contacts = transaction_.contacts_of(incident.number);
        if (!contacts) return tl::unexpected(contacts.error());
        auto advance = policy::advance(alert, incident, *contacts, *on_call, now_);
        if (auto put = write(incident, advance); !put) return tl::unexpected(put.error());
        if (advance.exhausted) {
            if (auto told = tell_fallback(alert, advance.after); !told) return tl::unexpected(told.error());
            return Went{true, "exhausted", {}};
        }
        if (advance.after.state != Incident::State::open) {
            if (auto done = hasten(transaction_, advance.after, now_); !done)
                return tl::unexpected(done.error());
            return Went{true, std::string(policy::to_string(advance.after.state)), {}};
        }
        const seconds wait = advance.wake ? std::max(*advance.wake - now_, seconds(1)) : while_contacts_last;
        return Went{false, advance.story.empty() ? "waits" : advance.story.back().text, wait};
    }

    Result<void> write(const Incident& before, policy::Advance& advance) {
        for (auto& [rota, state] : advance.states)
            if (auto put = transaction_.put_rota_state(rota, state); !put) return put;
        if (advance.after != before)
            if (auto put = transaction_.put_incident(advance.after); !put) return put;
        for (policy::Contact& contact : advance.contacts)
            if (auto put = begin(advance.after, contact); !put) return put;
        for (const policy::Happening& one : advance.story)
            if (auto put = transaction_.add_line({before.number, one.event, one.text, now_}); !put)
                return put;
        return {};
    }

    Result<void> begin(const Incident& incident, policy::Contact& contact) {
        contact.id = random_id();
        contact.incident = incident.number;
        contact.escalation = incident.escalations;
        contact.made = now_;
        if (auto put = transaction_.put_contact(contact); !put) return put;
        const auto job = transaction_.put_job(contact_job(contact, incident, now_), {});
        if (!job) return tl::unexpected(job.error());
        return {};
    }

    Result<void> tell_fallback(const Alert& alert, const Incident& incident) {
        const auto lines = transaction_.lines_of(incident.number);
        if (!lines) return tl::unexpected(lines.error());
        const auto notice = incident_notice(incident, alert.fallback, *lines, terms_, now_);
        if (!notice) return {};
        const auto put = transaction_.put_job(notice->job, notice->bytes);
        if (!put) return tl::unexpected(put.error());
        return {};
    }

    store::Transaction& transaction_;
    const policy::Policy& policy_;
    const FallbackTerms& terms_;
    Escalating escalating_;
    Time now_;
};

struct Kind {
    AlertServices services;
    FallbackTerms terms;
};

// Which rotas the incident's alert asks now; they are locked before the transaction that draws turns.
asio::awaitable<Result<std::vector<std::string>>> rotas_needed(std::shared_ptr<Kind> kind,
                                                               std::shared_ptr<const policy::Policy> policy,
                                                               std::int64_t number) {
    std::vector<std::string> rotas;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        const auto incident = transaction.incident(number);
        if (!incident) return tl::unexpected(incident.error());
        const Alert* alert = *incident ? policy->alert((*incident)->alert) : nullptr;
        rotas = alert == nullptr ? std::vector<std::string>{} : rotas_of(*alert);
        return {};
    };
    const Result<void> read = co_await kind->services.store.read(std::move(work));
    if (!read) co_return tl::unexpected(read.error());
    co_return rotas;
}

asio::awaitable<Attempted> attempt(std::shared_ptr<Kind> kind, store::Job job) {
    const auto escalating = read_escalation_job(job.payload);
    if (!escalating) {
        Failed failed{escalating.error().text, {}};
        co_return failed;
    }
    const auto policy = kind->services.policy();
    Went went;
    const auto rotas = co_await rotas_needed(kind, policy, escalating->incident);
    Result<void> done;
    if (rotas) {
        const Time now = std::chrono::floor<seconds>(kind->services.clock());
        store::Work work = [&](store::Transaction& transaction) -> Result<void> {
            auto gone = Going(transaction, *policy, kind->terms, *escalating, now).run(*rotas);
            if (!gone) return tl::unexpected(gone.error());
            went = *std::move(gone);
            return {};
        };
        std::vector<std::string> locks = *rotas;
        locks.emplace_back(store::incidents_lock);
        done = co_await kind->services.store.write(std::move(locks), std::move(work));
    } else {
        done = tl::unexpected(rotas.error());
    }
    if (!done) went = {false, "not written: " + done.error().text, after_a_fault};
    if (went.over) co_return Finished{std::move(went.words), {}};
    co_return Postponed{std::move(went.words), job.payload, went.wait, {}, true};
}

}  // namespace

JobKind escalation_kind_on(AlertServices services, FallbackTerms terms) {
    return [kind = std::make_shared<Kind>(Kind{std::move(services), std::move(terms)})](
               store::Job job, std::string, bool) { return attempt(kind, std::move(job)); };
}

}  // namespace mailrota::runtime
