#include "worker/phone_desk.h"

#include <chrono>
#include <utility>
#include <vector>

#include "core/runtime/alert_jobs.h"
#include "core/runtime/raising.h"
#include "worker/pause.h"

namespace mailrota::worker {

namespace asio = boost::asio;
using runtime::LogLine;
using std::chrono::seconds;

namespace {

constexpr seconds look_for_heartbeats_every{10};
constexpr std::chrono::hours looked_back{24};
constexpr std::size_t most_seen = 10'000;

}  // namespace

PhoneDesk::PhoneDesk(asio::any_io_executor executor, runtime::AlertServices services)
    : services_(std::move(services)), heartbeats_(executor), replies_(executor) {}

void PhoneDesk::stop() {
    stopping_ = true;
    heartbeats_.cancel();
    replies_.cancel();
}

asio::awaitable<void> PhoneDesk::look_after_heartbeats() {
    while (!stopping_) {
        co_await forget_heartbeats();
        co_await check_heartbeats();
        if (!stopping_) co_await pause(heartbeats_, look_for_heartbeats_every);
    }
}

asio::awaitable<void> PhoneDesk::look_after_replies() {
    while (!stopping_) {
        co_await ask_for_replies();
        if (!stopping_) co_await pause(replies_, services_.telephones()->calls().poll);
    }
}

asio::awaitable<void> PhoneDesk::forget_heartbeats() {
    const auto policy = services_.policy();
    if (policy == kept_) co_return;
    const store::Time now = std::chrono::floor<seconds>(services_.clock());
    store::Work work = [this, &policy, now](store::Transaction& transaction) {
        return runtime::forget_beats(transaction, kept_.get(), *policy, now);
    };
    const Result<void> done = co_await services_.store.write(runtime::incidents_only(), std::move(work));
    if (done)
        kept_ = policy;
    else
        complain(heartbeats_complained_, "heartbeats-not-forgotten", done.error().text);
}

asio::awaitable<void> PhoneDesk::check_heartbeats() {
    const auto policy = services_.policy();
    for (const auto& heartbeat : policy->heartbeats()) {
        const store::Time now = std::chrono::floor<seconds>(services_.clock());
        std::vector<runtime::Raised> raised;
        store::Work work = [&](store::Transaction& transaction) -> Result<void> {
            auto done = runtime::raise_overdue(transaction, *policy, heartbeat, now);
            if (!done) return tl::unexpected(done.error());
            raised = *std::move(done);
            return {};
        };
        const Result<void> done = co_await services_.store.write(runtime::incidents_only(), std::move(work));
        if (!done) {
            complain(heartbeats_complained_, "heartbeat-not-checked", done.error().text);
            continue;
        }
        heartbeats_complained_ = false;
        for (const auto& alert : raised)
            services_.log.warning(LogLine("heartbeat-missing")
                                      .with("heartbeat", heartbeat.name)
                                      .with("alert", alert.trigger.alert)
                                      .with("incident", alert.incident)
                                      .with("outcome", mailrota::policy::to_string(alert.what)));
    }
}

asio::awaitable<void> PhoneDesk::ask_for_replies() {
    const auto telephones = services_.telephones();
    if (!telephones->calls().outbound_only()) co_return;
    const bool wanted = co_await somebody_may_answer();
    if (!wanted) co_return;
    for (const std::string& account : telephones->order()) co_await take_from(account);
}

asio::awaitable<bool> PhoneDesk::somebody_may_answer() {
    bool some = false;
    const store::Time now = std::chrono::floor<seconds>(services_.clock());
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        const auto incidents = transaction.incidents({}, now, 1);
        if (!incidents) return tl::unexpected(incidents.error());
        some = !incidents->empty();
        return {};
    };
    const Result<void> read = co_await services_.store.read(std::move(work));
    co_return read.has_value() && some;
}

asio::awaitable<void> PhoneDesk::take_from(std::string account) {
    const auto telephones = services_.telephones();
    const auto* telephone = telephones->account(account);
    if (telephone == nullptr) co_return;
    const store::Time now = std::chrono::floor<seconds>(services_.clock());
    const auto outcome = co_await services_.http.send(telephone->list_received(now - looked_back),
                                                      runtime::terms_of(telephone->settings()));
    const auto* answer = std::get_if<providers::HttpAnswer>(&outcome);
    if (answer == nullptr) {
        complain(replies_complained_, "replies-not-read", std::get<providers::HttpFailure>(outcome).words);
        co_return;
    }
    auto messages = providers::Telephone::read_received(*answer);
    if (!messages) {
        complain(replies_complained_, "replies-not-read", messages.error().text);
        co_return;
    }
    replies_complained_ = false;
    const std::string id = telephone->settings().account;
    for (auto& message : *messages) {
        if (seen_.contains(message.id)) continue;
        std::string message_id = message.id;
        const bool taken = co_await take(id, std::move(message));
        if (!taken) co_return;
        if (seen_.size() >= most_seen) seen_.clear();
        seen_.insert(std::move(message_id));
    }
}

asio::awaitable<bool> PhoneDesk::take(std::string account, providers::ListedMessage message) {
    const store::Time now = std::chrono::floor<seconds>(services_.clock());
    const auto policy = services_.policy();
    runtime::Replied replied;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto taken = runtime::take_reply(transaction, *policy, account, message, now);
        if (!taken) return tl::unexpected(taken.error());
        replied = *std::move(taken);
        return {};
    };
    const Result<void> done = co_await services_.store.write(runtime::incidents_only(), std::move(work));
    if (!done) {
        complain(replies_complained_, "reply-not-taken", done.error().text);
        co_return false;
    }
    if (replied.what == runtime::Replied::What::known) co_return true;
    services_.log.info(LogLine("reply")
                           .with("account", account)
                           .with("from", message.from)
                           .with("incident", replied.incident)
                           .with("outcome", runtime::to_string(replied)));
    co_return true;
}

// Once until it works again.
void PhoneDesk::complain(bool& complained, std::string_view event, const std::string& reason) {
    if (!complained) services_.log.warning(LogLine(event).with("reason", reason));
    complained = true;
}

}  // namespace mailrota::worker
