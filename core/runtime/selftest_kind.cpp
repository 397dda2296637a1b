#include "core/runtime/selftest_kind.h"

#include <algorithm>
#include <utility>

#include "core/runtime/alert_jobs.h"
#include "core/runtime/selftest_letter.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using policy::Selftest;
using std::chrono::seconds;
using store::Time;
using What = SelftestLook::What;

constexpr seconds longest_submission{60};
constexpr seconds after_a_fault{2};
constexpr seconds after_a_refusal{10};
constexpr seconds between_late_looks{60};

// At first soon, then ever more rarely, and at last when its time is over.
seconds until_next_look(const SelftestRun& run, const Selftest* selftest, Time now) {
    if (run.over) return between_late_looks;
    const auto rest = std::min(seconds((now - run.begun) / 10), seconds(15));
    const auto left = selftest == nullptr ? rest : run.begun + selftest->within - now;
    return std::max(seconds(1), std::min(rest, left));
}

bool may_submit(const SelftestRun& run, const Selftest& selftest, Time now) {
    return !run.over && run.submitted.empty() && !run.refused && now < run.begun + selftest.within;
}

asio::awaitable<Attempted> submit(std::shared_ptr<const SelftestServices> services, Selftest selftest,
                                  SelftestRun run) {
    const std::string bytes = selftest_letter(selftest, run, services->terms.hostname);
    wire::OutgoingMail mail;
    mail.sender = selftest.from;
    mail.recipients.push_back({selftest.to, {}});
    mail.content = {bytes};
    const Sent sent = co_await services->connections.send(services->terms.worker.submit, std::move(mail),
                                                          longest_submission);
    const wire::SmtpResult result = sent.results.empty() ? wire::SmtpResult() : sent.results.front();
    const std::string words = wire::to_line(result.reply);
    const bool done = result.outcome == wire::SmtpResult::Outcome::done;
    run.submitted = done ? words : "";
    const std::string peer = services->terms.worker.submit.to_string();
    run.trouble = done ? "" : "the MTA did not take the mail: " + peer + ": " + words;
    run.refused = result.outcome == wire::SmtpResult::Outcome::failed;
    const seconds wait = done || run.refused ? seconds(1) : after_a_refusal;
    Postponed looked_next{done ? "submitted: " + words : run.trouble, to_json(run), wait, {}, true};
    co_return looked_next;
}

// What is left of the run after the look, and when it is looked again.
Attempted outcome_of(const SelftestRun& run, const Selftest* selftest, SelftestLook look, Time now) {
    if (look.what != What::waits) return Finished{std::string(to_string(look.what)) + ": " + look.words, {}};
    return Postponed{std::move(look.words), to_json(run), until_next_look(run, selftest, now), {}, true};
}

asio::awaitable<Attempted> attempt(std::shared_ptr<const SelftestServices> services, store::Job job) {
    auto run = read_selftest_run(job.payload);
    if (!run) {
        Failed broken{run.error().text, {}};
        co_return broken;
    }
    const auto selftests = services->selftests();
    const Selftest* selftest = SelftestServices::find(selftests, run->selftest);
    const Time now = std::chrono::floor<seconds>(services->alerts.clock());
    const bool to_submit = selftest != nullptr && may_submit(*run, *selftest, now);
    if (to_submit && run->trouble.empty()) {
        Attempted first = co_await submit(services, *selftest, *std::move(run));
        co_return first;
    }
    const auto policy = services->alerts.policy();
    SelftestLook look;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto looked = look_at_selftest(transaction, *policy, selftest, *run, services->terms, now);
        if (!looked) return tl::unexpected(looked.error());
        look = *std::move(looked);
        return {};
    };
    const Result<void> done = co_await services->alerts.store.write(incidents_only(), std::move(work));
    if (!done) co_return Postponed{"not written: " + done.error().text, job.payload, after_a_fault, {}, true};
    log_selftest(services->alerts.log, *run, look);
    // Whether the MTA has it is not known where it gave no answer.
    if (to_submit && look.what == What::waits && look.incident == 0) {
        Attempted again = co_await submit(services, *selftest, *std::move(run));
        co_return again;
    }
    co_return outcome_of(*run, selftest, std::move(look), now);
}

}  // namespace

const Selftest* SelftestServices::find(const Selftests& selftests, std::string_view name) {
    const auto found = std::ranges::find(*selftests, name, &Selftest::name);
    return found == selftests->end() ? nullptr : &*found;
}

JobKind selftest_kind_on(SelftestServices services) {
    return [kept = std::make_shared<const SelftestServices>(std::move(services))](
               store::Job job, std::string, bool) { return attempt(kept, std::move(job)); };
}

void log_selftest(Log& log, const SelftestRun& run, const SelftestLook& look) {
    if (look.what == What::waits || look.what == What::over) return;
    const bool failed = look.what == What::failed;
    LogLine line(failed                      ? "selftest-failed"
                 : look.what == What::passed ? "selftest-passed"
                                             : "selftest-late");
    line.with("selftest", run.selftest).with("reason", look.words);
    if (look.incident != 0) line.with("incident", look.incident);
    if (look.alarm != 0) line.with("alarm", look.alarm);
    log.write(failed ? Log::Level::error : Log::Level::info, line);
}

}  // namespace mailrota::runtime
