#include "core/runtime/job_runner.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/runtime/job_attempt.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds look_every{1};

}  // namespace

struct JobRunner::State : std::enable_shared_from_this<State> {
    State(JobRunner::Services given, JobKinds known) : services(std::move(given)), kinds(std::move(known)) {
        for (const auto& [name, kind] : kinds) names.push_back(name);
    }

    asio::awaitable<void> run();
    asio::awaitable<std::vector<store::Job>> claim(std::size_t limit);
    static asio::awaitable<void> attempt(std::shared_ptr<State> self, store::Job job);
    asio::awaitable<void> wait();
    void changed() {
        if (wake) wake->cancel();
    }

    JobRunner::Services services;
    JobKinds kinds;
    std::vector<std::string> names;  // of the kinds
    std::size_t in_flight = 0;
    bool stopping = false;
    bool complained = false;  // that the store cannot be asked
    std::unique_ptr<asio::steady_timer> wake;
};

asio::awaitable<void> JobRunner::State::run() {
    const auto executor = co_await asio::this_coro::executor;
    wake = std::make_unique<asio::steady_timer>(executor);
    while (!stopping) {
        const std::size_t room =
            services.settings.in_flight - std::min<std::size_t>(in_flight, services.settings.in_flight);
        std::vector<store::Job> jobs;
        if (room > 0) jobs = co_await claim(room);
        // Counted before it begins, so that run() ends after it.
        in_flight += jobs.size();
        const bool full = room > 0 && jobs.size() == room;
        for (store::Job& job : jobs)
            asio::co_spawn(executor, attempt(shared_from_this(), std::move(job)), asio::detached);
        if (!full || in_flight >= services.settings.in_flight) co_await wait();
    }
    while (in_flight > 0) co_await wait();
}

// A second, or until something changes.
asio::awaitable<void> JobRunner::State::wait() {
    boost::system::error_code woken;
    wake->expires_after(look_every);
    co_await wake->async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<std::vector<store::Job>> JobRunner::State::claim(std::size_t limit) {
    std::vector<store::Job> jobs;
    const store::Time now = services.clock();
    store::Work work = [this, limit, now, &jobs](store::Transaction& transaction) -> Result<void> {
        auto claimed =
            transaction.claim_jobs(services.owner, now, now + services.settings.lease, limit, names);
        if (!claimed) return tl::unexpected(claimed.error());
        jobs = *std::move(claimed);
        return {};
    };
    const Result<void> asked = co_await services.store.write({}, std::move(work));
    if (!asked) {
        jobs.clear();
        if (!complained) services.log.warning(LogLine("jobs-not-claimed").with("reason", asked.error().text));
    }
    complained = !asked;
    co_return jobs;
}

// A slot becomes free only for a job that had one: a short wait of the loop is enough to see it.
asio::awaitable<void> JobRunner::State::attempt(std::shared_ptr<State> self, store::Job job) {
    JobAttempt one(self->services, self->kinds, std::move(job));
    co_await one.run();
    --self->in_flight;
    self->changed();
}

JobRunner::JobRunner(Services services, std::map<std::string, JobKind, std::less<>> kinds)
    : state_(std::make_shared<State>(std::move(services), std::move(kinds))) {}

JobRunner::~JobRunner() = default;

asio::awaitable<void> JobRunner::run() { return state_->run(); }

void JobRunner::stop() {
    state_->stopping = true;
    state_->changed();
}

std::size_t JobRunner::in_flight() const { return state_->in_flight; }

std::chrono::seconds back_off(int attempts, std::chrono::seconds first, std::chrono::seconds last) {
    std::chrono::seconds wait = first;
    for (int tries = 1; tries < attempts && wait < last; ++tries) wait *= 2;
    return std::min(wait, last);
}

}  // namespace mailrota::runtime
