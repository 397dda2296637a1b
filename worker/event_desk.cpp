#include "worker/event_desk.h"

#include <utility>
#include <vector>

namespace mailrota::worker {
namespace {

namespace asio = boost::asio;
using runtime::LogLine;

// Of one transaction: others wait for the store meanwhile.
constexpr std::size_t batch = 200;

}  // namespace

asio::awaitable<bool> EventDesk::settle_some() {
    std::vector<runtime::SettledEvent> settled;
    const runtime::EventTerms terms = services_.terms();
    store::Work work = [&settled, &terms](store::Transaction& transaction) -> Result<void> {
        auto done = runtime::settle_events(transaction, terms, batch);
        if (!done) return tl::unexpected(done.error());
        settled = *std::move(done);
        return {};
    };
    const Result<void> written = co_await services_.store.write({}, std::move(work));
    if (!written && !std::exchange(complained_, true))
        services_.log.warning(LogLine("events-not-settled").with("reason", written.error().text));
    if (!written || settled.empty()) co_return false;
    complained_ = false;
    settled_ += settled.size();
    for (const runtime::SettledEvent& event : settled) tell(event);
    co_return true;
}

void EventDesk::tell(const runtime::SettledEvent& settled) const {
    const mail::MailEvent& event = settled.event.event;
    const bool bad = settled.notified || settled.suppressed;
    services_.log.write(
        bad ? runtime::Log::Level::info : runtime::Log::Level::debug,
        LogLine("event")
            .with("provider", settled.event.provider)
            .with("type", to_string(event.type))
            .with("reason", event.reason == mail::MailEvent::Reason::none ? std::string_view()
                                                                          : to_string(event.reason))
            .with("rcpt", event.recipient)
            .with("mail", settled.event.mail)
            .with("attempt", settled.attempt)
            .with("said", event.mta_response)
            .with("outcome", settled.notified     ? "the sender is told"
                             : settled.suppressed ? "suppressed from now on"
                             : settled.moved      ? "noted"
                                                  : ""));
}

}  // namespace mailrota::worker
