#include "core/runtime/job_attempt.h"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <random>
#include <utility>

#include "core/policy/overloaded.h"
#include "core/policy/safe_text.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

constexpr seconds between_writes{1};

// Cancelled: false.
asio::awaitable<bool> sleep(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    co_return !cancelled;
}

// A tenth more or less, so that what failed together is not tried again together.
seconds with_chance(seconds wait) {
    thread_local std::minstd_rand chance{std::random_device{}()};
    const auto tenth = wait.count() / 10;
    return wait + seconds(std::uniform_int_distribution<std::int64_t>(-tenth, tenth)(chance));
}

const std::string& last_of(const Attempted& attempted) {
    return std::visit([](const auto& one) -> const std::string& { return one.last; }, attempted);
}

const store::Work& also_of(const Attempted& attempted) {
    return std::visit([](const auto& one) -> const store::Work& { return one.also; }, attempted);
}

// After its time a job is not put off again, whatever its kind says.
Attempted ended(Attempted attempted) {
    auto* postponed = std::get_if<Postponed>(&attempted);
    if (postponed == nullptr) return attempted;
    return Failed{"expired: " + postponed->last, std::move(postponed->also)};
}

}  // namespace

asio::awaitable<void> JobAttempt::run() {
    std::string fault;
    try {
        Attempted attempted = co_await attempt();
        if (!lost_) {
            tell(attempted);
            co_await write(std::move(attempted));
        }
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    if (!fault.empty()) services_.log.error(line("job-broken").with("reason", fault));
    if (lost_)
        services_.log.warning(line("job-lost").with("reason", "the lease was over and somebody else has it"));
}

asio::awaitable<Attempted> JobAttempt::attempt() {
    using namespace asio::experimental::awaitable_operators;
    std::optional<Attempted> attempted;
    co_await (attempt_kind(kinds_.find(job_.kind)->second, attempted) || keep_lease());
    if (attempted) co_return *std::move(attempted);
    Postponed cut{"cut short", job_.payload, {}, {}};
    co_return cut;
}

asio::awaitable<void> JobAttempt::attempt_kind(JobKind kind, std::optional<Attempted>& into) {
    std::string bytes;
    std::string fault;
    store::Work read = [this, &bytes](store::Transaction& transaction) -> Result<void> {
        auto found = transaction.job_bytes(job_.id);
        if (!found) return tl::unexpected(found.error());
        bytes = *std::move(found);
        return {};
    };
    try {
        const Result<void> known = co_await services_.store.read(std::move(read));
        if (known) {
            const bool expired = services_.clock() >= job_.expires;
            Attempted attempted = co_await kind(job_, std::move(bytes), expired);
            into = expired ? ended(std::move(attempted)) : std::move(attempted);
            co_return;
        }
        // Without its mail no later attempt can come to anything: the administrator is to see it.
        if (known.error().kind == ErrorKind::invalid) {
            into = Failed{"not begun: " + known.error().text, {}};
            co_return;
        }
        fault = known.error().text;
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    into = Postponed{"not begun: " + fault, job_.payload, {}, {}};
}

asio::awaitable<void> JobAttempt::keep_lease() {
    const std::chrono::milliseconds lease = services_.settings.lease;
    bool sleeping = true;
    while (sleeping && !lost_) {
        sleeping = co_await sleep(lease / 3);
        if (sleeping) lost_ = !co_await renew();
    }
}

asio::awaitable<bool> JobAttempt::renew() {
    bool ours = true;
    const store::Time until = services_.clock() + services_.settings.lease;
    store::Work work = [this, until, &ours](store::Transaction& transaction) -> Result<void> {
        auto renewed = transaction.renew_job(job_.id, job_.fence, until);
        if (!renewed) return tl::unexpected(renewed.error());
        ours = *renewed;
        return {};
    };
    const Result<void> asked = co_await services_.store.write({}, std::move(work));
    co_return !asked || ours;
}

asio::awaitable<void> JobAttempt::write(Attempted attempted) {
    const auto give_up = std::chrono::steady_clock::now() + services_.settings.lease;
    store::Work work = [this, &attempted](store::Transaction& transaction) -> Result<void> {
        const auto ours = end(transaction, attempted);
        if (!ours) return tl::unexpected(ours.error());
        lost_ = !*ours;
        const store::Work& also = also_of(attempted);
        return lost_ || !also ? Result<void>() : also(transaction);
    };
    Result<void> written = co_await services_.store.write({}, work);
    while (!written && std::chrono::steady_clock::now() < give_up) {
        services_.metrics.error("store");
        services_.log.warning(line("job-not-written").with("reason", written.error().text));
        co_await sleep(between_writes);
        written = co_await services_.store.write({}, work);
    }
    if (!written)
        services_.log.error(line("job-not-written").with("reason", "given up: it will be done again"));
}

Result<bool> JobAttempt::end(store::Transaction& transaction, const Attempted& attempted) const {
    const std::string last = policy::without_controls(last_of(attempted));
    return std::visit(
        policy::Overloaded{[&](const Finished&) { return transaction.finish_job(job_.id, job_.fence, last); },
                           [&](const Failed&) { return transaction.fail_job(job_.id, job_.fence, last); },
                           [&](const Postponed& rest) {
                               return transaction.postpone_job(job_.id, job_.fence, due_after(rest),
                                                               rest.payload, last);
                           }},
        attempted);
}

// Not later than the job's end, which wants a last attempt; but not at once again either.
store::Time JobAttempt::due_after(const Postponed& postponed) const {
    if (postponed.exactly) return services_.clock() + postponed.wait;
    const config::WorkerSettings& settings = services_.settings;
    const seconds own = with_chance(back_off(job_.attempts, settings.first_retry, settings.last_retry));
    const store::Time now = services_.clock();
    return std::min(now + std::max(postponed.wait, own), std::max(job_.expires, now + settings.first_retry));
}

void JobAttempt::tell(const Attempted& attempted) const {
    const std::string_view outcome = std::visit(
        policy::Overloaded{[](const Finished&) { return "finished"; }, [](const Failed&) { return "failed"; },
                           [](const Postponed&) { return "postponed"; }},
        attempted);
    const auto* postponed = std::get_if<Postponed>(&attempted);
    const bool failed = std::holds_alternative<Failed>(attempted);
    const bool only_looked = postponed != nullptr && postponed->exactly;
    services_.log.write(failed        ? Log::Level::warning
                        : only_looked ? Log::Level::debug
                                      : Log::Level::info,
                        line("job").with("outcome", outcome).with("reason", last_of(attempted)));
}

LogLine JobAttempt::line(std::string_view event) const {
    LogLine text(event);
    text.with("job", job_.id).with("kind", job_.kind).with("mail", job_.mail).with("attempt", job_.attempts);
    return text;
}

}  // namespace mailrota::runtime
