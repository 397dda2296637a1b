#include <fmt/format.h>

#include <algorithm>

#include "core/runtime/incident_news.h"
#include "core/runtime/own_mail.h"
#include "core/runtime/raising.h"
#include "core/runtime/selftest_letter.h"
#include "core/runtime/selftest_run.h"

// How a run of a self-test ends.
namespace mailrota::runtime {
namespace {

using policy::Incident;
using policy::Selftest;
using policy::Verdict;
using store::Time;
using What = SelftestLook::What;

// So many newer incidents of the alert are looked through: a storm opens no more within the time of a test.
constexpr std::size_t most_incidents = 500;
// A mail that was stuck in a queue may still come.
constexpr std::chrono::hours late_mail{24};
constexpr std::chrono::minutes until_late_mail{1};
// So long after its time any worker that knows the self-test has ended its run, with a job or without.
constexpr std::chrono::minutes nobody_knows_it{15};

std::string author(const std::string& selftest) { return "self-test " + selftest; }

// One look, inside its transaction.
class Looking {
  public:
    Looking(store::Transaction& transaction, const policy::Policy& policy, const SelftestRun& run,
            const FallbackTerms& terms, Time now)
        : transaction_(transaction), policy_(policy), run_(run), terms_(terms), now_(now) {}

    Result<SelftestLook> look(const Selftest& selftest) {
        auto found = selftest_record(transaction_, selftest.name);
        if (!found) return tl::unexpected(found.error());
        if (!is_under_way(*found)) return noted(*found);
        auto sight = see();
        if (!sight) return tl::unexpected(sight.error());
        const Verdict verdict = policy::judge(selftest, *sight, run_.begun, now_);
        if (verdict == Verdict::failed && !sight->incident)
            if (auto seen = see_arrival(*sight); !seen) return tl::unexpected(seen.error());
        SelftestLook look;
        look.words = policy::standing(selftest, *sight);
        look.incident = sight->incident ? sight->incident->number : 0;
        look.what = What::waits;
        if (verdict == Verdict::waits) return look;
        look.what = verdict == Verdict::passed ? What::passed : What::failed;
        if (auto done = end(selftest, *std::move(*found), *sight, look); !done)
            return tl::unexpected(done.error());
        return look;
    }

    // At a run of a self-test that this worker does not know: another may.
    Result<SelftestLook> look_without_it() {
        const auto found = selftest_record(transaction_, run_.selftest);
        if (!found) return tl::unexpected(found.error());
        if (is_under_way(*found)) {
            if (now_ < run_.begun + run_.within + nobody_knows_it && !is_left(**found, now_))
                return SelftestLook{What::waits, "left to a worker that knows this self-test", 0, 0};
            const auto dropped = drop_selftest_record(transaction_, run_.selftest);
            if (!dropped) return tl::unexpected(dropped.error());
        }
        auto look = look_for_late();
        if (!look || look->what != What::waits) return look;
        if (auto put = wait_for_late(); !put) return tl::unexpected(put.error());
        return SelftestLook{What::over, "no worker knows this self-test", 0, 0};
    }

    // Whether an incident has come of a run whose end is known, or that nobody asks for any more.
    Result<SelftestLook> look_for_late() {
        const auto incident = find_incident();
        if (!incident) return tl::unexpected(incident.error());
        if (*incident) {
            if (auto done = resolve(**incident, author(run_.selftest)); !done)
                return tl::unexpected(done.error());
            return SelftestLook{What::late, "its incident came when it was over", (*incident)->number, 0};
        }
        if (now_ >= run_.begun + late_mail) return SelftestLook{What::over, "no incident has come", 0, 0};
        return SelftestLook{What::waits, "over; an incident may still come", 0, 0};
    }

  private:
    bool is_under_way(const std::optional<SelftestRecord>& record) const {
        return record && record->run && record->run->token == run_.token;
    }

    // Of a run whose end is written: whoever wrote it may have died before it could say so.
    SelftestLook noted(const std::optional<SelftestRecord>& record) const {
        if (!record || !record->last || record->last->token != run_.token)
            return {What::over, "its end was noted before", 0, 0};
        const auto& last = *record->last;
        return {last.passed ? What::passed : What::failed, last.words, last.incident, 0};
    }

    Result<void> wait_for_late() {
        SelftestRun over = run_;
        over.over = true;
        const auto put = transaction_.put_job(selftest_job(over, now_ + until_late_mail), {});
        if (!put) return tl::unexpected(put.error());
        return {};
    }

    Result<std::optional<Incident>> find_incident() {
        auto incidents = transaction_.incidents({true, run_.alert, {}}, now_, most_incidents);
        if (!incidents) return tl::unexpected(incidents.error());
        for (Incident& one : *incidents)
            if (one.key.find(run_.token) != std::string::npos) return std::optional(std::move(one));
        return std::optional<Incident>();
    }

    Result<policy::ChainSight> see() {
        policy::ChainSight sight;
        sight.submitted = run_.submitted;
        sight.trouble = run_.trouble;
        sight.refused = run_.refused;
        auto incident = find_incident();
        if (!incident) return tl::unexpected(incident.error());
        sight.incident = *std::move(incident);
        if (!sight.incident) return sight;
        auto contacts = transaction_.contacts_of(sight.incident->number);
        if (!contacts) return tl::unexpected(contacts.error());
        sight.contacts = *std::move(contacts);
        return sight;
    }

    Result<void> see_arrival(policy::ChainSight& sight) {
        const auto mails = transaction_.find_mails(selftest_message_id(run_, terms_.hostname), 1);
        if (!mails) return tl::unexpected(mails.error());
        if (mails->empty()) return {};
        const auto& mail = mails->front();
        sight.received = "listener " + mail.listener + (mail.queue_id.empty() ? "" : " as " + mail.queue_id);
        return {};
    }

    Result<void> end(const Selftest& selftest, SelftestRecord record, const policy::ChainSight& sight,
                     SelftestLook& look) {
        const bool passed = look.what == What::passed;
        record.run.reset();
        record.last = {run_.token, run_.begun, now_, passed, look.words, look.incident};
        if (passed) record.passed = now_;
        if (auto put = put_selftest_record(transaction_, selftest.name, record); !put) return put;
        // Without an incident it has failed.
        if (auto done = sight.incident ? resolve(*sight.incident, author(selftest.name)) : wait_for_late();
            !done)
            return done;
        return passed ? call_off(selftest) : raise_alarm(selftest, look);
    }

    Result<void> resolve(const Incident& incident, const std::string& by) {
        if (incident.state == Incident::State::resolved) return {};
        const auto obeyed = obey(transaction_, policy_, incident, providers::Command::Do::resolve, by, now_);
        if (!obeyed) return tl::unexpected(obeyed.error());
        return {};
    }

    // The chain is whole again.
    Result<void> call_off(const Selftest& selftest) {
        const policy::Alert* alarm = policy_.alert(selftest.alarm);
        if (alarm == nullptr) return {};
        const std::string key = policy::failed(selftest, *alarm, {}).key;
        const auto live = transaction_.live_incident(alarm->name, key, now_);
        if (!live) return tl::unexpected(live.error());
        return *live ? resolve(**live, author(selftest.name)) : Result<void>();
    }

    Result<void> raise_alarm(const Selftest& selftest, SelftestLook& look) {
        const auto notice =
            notice_job(selftest_notice(selftest, run_, look.words, terms_.hostname), terms_, now_);
        if (notice) {
            const auto put = transaction_.put_job(notice->job, notice->bytes);
            if (!put) return tl::unexpected(put.error());
        }
        const policy::Alert* alarm = policy_.alert(selftest.alarm);
        if (alarm == nullptr) return {};
        const auto raised = raise_by_hand(transaction_, *alarm, policy::failed(selftest, *alarm, look.words),
                                          fmt::format("self-test {} did not come through", selftest.name),
                                          fmt::format("{} {}", author(selftest.name), run_.token), now_);
        if (!raised) return tl::unexpected(raised.error());
        look.alarm = raised->incident;
        return {};
    }

    store::Transaction& transaction_;
    const policy::Policy& policy_;
    const SelftestRun& run_;
    const FallbackTerms& terms_;
    Time now_;
};

}  // namespace

std::string_view to_string(What what) {
    switch (what) {
        case What::waits:
            return "waits";
        case What::passed:
            return "passed";
        case What::failed:
            return "failed";
        case What::late:
            return "late";
        case What::over:
            return "over";
    }
    return "";
}

Result<SelftestLook> look_at_selftest(store::Transaction& transaction, const policy::Policy& policy,
                                      const Selftest* selftest, const SelftestRun& run,
                                      const FallbackTerms& terms, Time now) {
    Looking looking(transaction, policy, run, terms, now);
    if (run.over) return looking.look_for_late();
    return selftest == nullptr ? looking.look_without_it() : looking.look(*selftest);
}

}  // namespace mailrota::runtime
