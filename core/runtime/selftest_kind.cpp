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
    if (run.over || selftest == nullptr) return between_late_looks;
    const auto passed = now - run.begun;
    const auto left = run.begun + selftest->within - now;
    return std::max(seconds(1), std::min({passed / 10, seconds(15), left}));
}

bool may_submit(const SelftestRun& run, const Selftest& selftest, Time now) {
    return !run.over && run.submitted.empty() && !run.refused && now < run.begun + selftest.within;
}

asio::awaitable<SelftestRun> submit(std::shared_ptr<const SelftestServices> services, Selftest selftest,
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
    co_return run;
}

// What is left of the run after the look, and when it is looked again.
Attempted outcome_of(SelftestRun run, const Selftest* selftest, SelftestLook look, Time now) {
    if (look.what == What::over || look.what == What::late || look.what == What::passed)
        return Finished{std::string(to_string(look.what)) + ": " + look.words, {}};
    if (look.what == What::failed) {
        if (look.incident != 0) return Finished{"failed: " + look.words, {}};
        run.over = true;
    }
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
    Time now = std::chrono::floor<seconds>(services->alerts.clock());
    if (selftest != nullptr && may_submit(*run, *selftest, now)) {
        SelftestRun tried = co_await submit(services, *selftest, *std::move(run));
        const bool again = tried.submitted.empty() && !tried.refused;
        std::string words = tried.submitted.empty() ? tried.trouble : "submitted: " + tried.submitted;
        co_return Postponed{std::move(words), to_json(tried), again ? after_a_refusal : seconds(1), {}, true};
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
    co_return outcome_of(*std::move(run), selftest, std::move(look), now);
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
