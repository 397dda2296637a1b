#include "worker/worker.h"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "core/runtime/alert_jobs.h"
#include "core/runtime/deliver_job.h"
#include "core/runtime/deliver_kind.h"
#include "core/runtime/escalation_kind.h"
#include "core/runtime/hand_on_kind.h"
#include "core/runtime/relay_kind.h"
#include "core/runtime/secrets.h"
#include "core/runtime/selftest_kind.h"
#include "worker/pause.h"

namespace mailrota::worker {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

constexpr seconds look_for_store_every{1};
constexpr seconds look_at_boxes_every{30};
constexpr seconds look_for_events_every{1};
constexpr seconds look_at_status_pages_every{60};
constexpr std::size_t jobs_counted = 1000;
// What a worker that died had in hand is another's so soon.
constexpr seconds longest_alert_lease{30};
constexpr std::uint32_t alerts_in_flight = 50;
// An attempt that lasts longer is cut; the job is tried again when its lease is over.
constexpr seconds for_attempts_under_way{60};

}  // namespace

Worker::Worker(runtime::Service& service)
    : service_(service), settings_(service.policies().current()->config.worker), store_(service.intake()) {}

runtime::Service::Program Worker::program() {
    runtime::Service::Program program;
    program.name = "worker";
    program.start = [this] { return start(); };
    program.stop = [this] { stop(); };
    program.idle = [this] { return idle(); };
    program.status = [this] { return status(); };
    program.reloaded = [this] { reloaded(); };
    program.drain = for_attempts_under_way;
    program.serving = "the outbox; notifications go to " + settings_.submit.to_string();
    program.without_store = "all jobs wait";
    return program;
}

Result<void> Worker::start() {
    if (auto opened = open_carriers(); !opened) return opened;
    if (auto opened = open_telephones(); !opened) return opened;
    const auto& events = service_.policies().current()->config.events;
    if (events.secret) {
        auto secret = runtime::read_secret(*events.secret);
        if (!secret) return tl::unexpected(secret.error());
        events_secret_ = *std::move(secret);
    }
    auto& context = service_.context(0);
    waiting_ = std::make_unique<asio::steady_timer>(context);
    settling_ = std::make_unique<asio::steady_timer>(context);
    asking_ = std::make_unique<asio::steady_timer>(context);
    connections_ = std::make_unique<runtime::Connections>(context.get_executor(), service_.hostname());
    http_ = std::make_unique<runtime::HttpClient>(context.get_executor(), "mailrota/" MAILROTA_VERSION);
    launch(work());
    return {};
}

Result<void> Worker::open_carriers() {
    auto opened = runtime::Carriers::open(service_.policies().current()->config);
    if (!opened) return tl::unexpected(opened.error());
    carriers_.set(*std::move(opened));
    return {};
}

Result<void> Worker::open_telephones() {
    auto opened = runtime::Telephones::open(service_.policies().current()->config);
    if (!opened) return tl::unexpected(opened.error());
    telephones_.set(*std::move(opened));
    return {};
}

// Those that were in use stay where a secret cannot be read.
void Worker::reloaded() {
    if (const auto opened = open_telephones(); !opened)
        service_.log().error(runtime::LogLine("telephones-kept").with("reason", opened.error().text));
    if (const auto opened = open_carriers(); !opened)
        service_.log().error(runtime::LogLine("providers-not-reloaded").with("reason", opened.error().text));
}

void Worker::launch(asio::awaitable<void> coroutine) {
    ++running_;
    asio::co_spawn(service_.context(0), std::move(coroutine), [this](const std::exception_ptr& fault) {
        --running_;
        if (fault) std::rethrow_exception(fault);
    });
}

void Worker::stop() {
    stopping_ = true;
    if (runner_) runner_->stop();
    if (alerts_) alerts_->stop();
    if (phones_) phones_->stop();
    if (selftests_) selftests_->stop();
    waiting_->cancel();
    settling_->cancel();
    asking_->cancel();
}

bool Worker::idle() {
    if (running_ > 0) return false;
    if (std::exchange(closing_, true)) return true;
    launch(close_connections());
    return false;
}

asio::awaitable<void> Worker::close_connections() {
    http_->close();
    co_await connections_->close();
}

asio::awaitable<void> Worker::work() {
    while (!stopping_ && store_.get() == nullptr) co_await pause(*waiting_, look_for_store_every);
    if (stopping_) co_return;
    begin();
    launch(look_after_boxes());
    launch(look_after_events());
    launch(look_at_status_pages());
    launch(alerts_->run());
    launch(phones_->look_after_heartbeats());
    launch(phones_->look_after_replies());
    launch(selftests_->look_after());
    co_await runner_->run();
}

void Worker::begin() {
    const std::string owner = service_.hostname() + "/" + std::to_string(getpid());
    relay_ = std::make_unique<runtime::Relay>(runtime::Relay::Services{
        *store_.get(), *http_, *connections_, service_.log(), service_.metrics(), service_.clock(), owner});
    std::map<std::string, runtime::JobKind, std::less<>> kinds;
    kinds[std::string(runtime::deliver_kind)] =
        runtime::deliver_kind_on({*connections_, service_.clock(), settings_, service_.hostname()});
    kinds[std::string(runtime::relay_kind)] = runtime::relay_kind_on(
        {*relay_, [this] { return carriers_.get(); }, service_.clock(), settings_, service_.hostname()});
    kinds[std::string(runtime::hand_on_kind)] = runtime::hand_on_kind_on(
        {*http_, programs_, service_.clock(), service_.policies().current()->config.events, events_secret_});
    events_ = std::make_unique<EventDesk>(
        EventDesk::Services{*store_.get(), service_.log(), [this] { return event_terms(); }});
    pages_ = std::make_unique<runtime::StatusPages>(runtime::StatusPages::Services{
        *store_.get(), *http_, service_.log(), service_.metrics(), service_.clock()});
    runner_ = std::make_unique<runtime::JobRunner>(
        runtime::JobRunner::Services{*store_.get(), service_.log(), service_.metrics(), service_.clock(),
                                     settings_, owner},
        std::move(kinds));
    begin_alerts(owner);
    boxes_ = std::make_unique<BoxExpiry>(
        BoxExpiry::Services{*store_.get(), service_.log(), service_.clock(), settings_, service_.hostname()});
}

void Worker::begin_alerts(const std::string& owner) {
    const auto now = [] {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    };
    const runtime::AlertServices services{*store_.get(),
                                          *http_,
                                          service_.log(),
                                          now,
                                          [this] { return telephones_.get(); },
                                          [this] { return service_.policies().current()->policy; }};
    std::map<std::string, runtime::JobKind, std::less<>> kinds;
    kinds[std::string(runtime::contact_kind)] = runtime::contact_kind_on(services);
    const runtime::FallbackTerms terms{settings_, service_.hostname(), service_.intake().get().secret()};
    kinds[std::string(runtime::escalation_kind)] = runtime::escalation_kind_on(services, terms);
    const runtime::SelftestServices testing{services, *connections_, terms, [this] { return selftests(); }};
    kinds[std::string(runtime::selftest_kind)] = runtime::selftest_kind_on(testing);
    auto settings = settings_;
    settings.lease = std::min(settings.lease, longest_alert_lease);
    settings.in_flight = alerts_in_flight;
    alerts_ = std::make_unique<runtime::JobRunner>(
        runtime::JobRunner::Services{*store_.get(), service_.log(), service_.metrics(), service_.clock(),
                                     settings, owner},
        std::move(kinds));
    const auto executor = service_.context(0).get_executor();
    phones_ = std::make_unique<PhoneDesk>(executor, services);
    selftests_ =
        std::make_unique<SelftestDesk>(executor, SelftestDesk::Services{testing, service_.metrics()});
}

runtime::SelftestServices::Selftests Worker::selftests() const {
    const auto generation = service_.policies().current();
    return {generation, &generation->config.selftests};
}

asio::awaitable<void> Worker::look_after_boxes() {
    while (!stopping_) {
        co_await count_jobs();
        bool ended = true;
        while (!stopping_ && ended) ended = co_await boxes_->end_one();
        if (!stopping_) co_await pause(*waiting_, look_at_boxes_every);
    }
}

asio::awaitable<void> Worker::look_after_events() {
    while (!stopping_) {
        bool settled = true;
        while (!stopping_ && settled) settled = co_await events_->settle_some();
        if (!stopping_) co_await pause(*settling_, look_for_events_every);
    }
}

asio::awaitable<void> Worker::look_at_status_pages() {
    while (!stopping_) {
        const std::shared_ptr<const runtime::Carriers> carriers = carriers_.get();
        for (const auto& [name, carrier] : carriers->carriers()) {
            if (stopping_) co_return;
            co_await pages_->ask(carriers, name);
        }
        if (!stopping_) co_await pause(*asking_, look_at_status_pages_every);
    }
}

runtime::EventTerms Worker::event_terms() {
    const auto& config = service_.policies().current()->config;
    return {service_.clock()(), config.relay, settings_, config.events, service_.hostname()};
}

asio::awaitable<void> Worker::count_jobs() {
    std::vector<store::Job> jobs;
    store::Work work = [&jobs](store::Transaction& transaction) -> Result<void> {
        auto found = transaction.jobs(false, jobs_counted);
        if (!found) return tl::unexpected(found.error());
        jobs = *std::move(found);
        return {};
    };
    const Result<void> counted = co_await store_.get()->read(std::move(work));
    if (!counted) co_return;
    tally_ = tally_of(jobs, service_.clock()());
    tell(service_.metrics(), tally_);
}

std::string Worker::status() const {
    const std::size_t in_flight = runner_ ? runner_->in_flight() : 0;
    const std::uint64_t settled = events_ ? events_->settled() : 0;
    const std::string pages = pages_ ? pages_->to_text() : "";
    return "jobs_in_flight: " + std::to_string(in_flight) + "\nevents_settled: " + std::to_string(settled) +
           '\n' + (pages.empty() ? "" : "status_pages: " + pages + '\n') + to_lines(tally_);
}

}  // namespace mailrota::worker
