#include "core/runtime/status_pages.h"

#include <utility>
#include <variant>

#include "core/policy/safe_text.h"
#include "core/providers/answer_text.h"
#include "core/runtime/relay_log.h"
#include "core/runtime/relay_terms.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using policy::Breaker;
using policy::Health;
using providers::StatusPage;
using Indicator = StatusPage::Indicator;
using Level = Log::Level;

constexpr std::chrono::seconds longest_silence{5};
constexpr std::chrono::seconds longest_call{10};
// By these words a breaker that a page has opened is known.
constexpr std::string_view by_page = "status page: ";

std::string reason_of(const StatusPage& page) {
    std::string reason = std::string(by_page) + std::string(to_string(page.indicator));
    return page.words.empty() ? reason : reason + ", " + page.words;
}

// -1: unknown.
int gravity(Indicator indicator) { return static_cast<int>(indicator) - static_cast<int>(Indicator::none); }

}  // namespace

std::optional<Breaker> after_page(const Breaker& breaker, const StatusPage& page,
                                  const policy::BreakerTerms& terms, Breaker::Time now) {
    if (page.indicator == Indicator::unknown) return std::nullopt;
    if (page.is_outage()) {
        if (breaker.state != Breaker::State::closed) return std::nullopt;
        return policy::after(breaker, {Health::Kind::temporary, terms.open, reason_of(page)}, terms, now);
    }
    const bool opened_by_page = breaker.state == Breaker::State::open && breaker.why.starts_with(by_page);
    if (!opened_by_page || breaker.until <= now) return std::nullopt;
    Breaker due = breaker;
    due.until = now;
    return due;
}

asio::awaitable<void> StatusPages::ask(std::shared_ptr<const Carriers> carriers, std::string provider) {
    const Carrier* carrier = carriers->carrier(provider);
    if (carrier == nullptr || carrier->settings.status_url.empty()) co_return;
    const StatusPage page = co_await fetch(carrier->settings);
    const auto before = told_.find(provider);
    const bool fine_before = before != told_.end() && before->second.indicator != Indicator::unknown &&
                             !before->second.is_outage();
    note(provider, page);
    // Nothing of a page's can be in a breaker while it tells no outage for the second time.
    if (page.is_outage() || (page.indicator != Indicator::unknown && !fine_before))
        co_await tell_breaker(provider, page, breaker_terms(*carriers, provider));
}

asio::awaitable<StatusPage> StatusPages::fetch(config::ProviderSettings settings) {
    HttpTerms terms;
    terms.connect = terms.silence = longest_silence;
    terms.whole = longest_call;
    terms.max_answer = providers::longest_answer_json;
    terms.ca_file = settings.ca_file;
    terms.proxy = settings.proxy;
    providers::HttpRequest request;
    request.url = settings.status_url;
    request.headers.emplace_back("Accept", "application/json");
    const providers::HttpOutcome outcome = co_await services_.http.send(std::move(request), std::move(terms));
    if (const auto* answer = std::get_if<providers::HttpAnswer>(&outcome))
        co_return providers::read_status_page(*answer);
    StatusPage unknown{Indicator::unknown, std::get<providers::HttpFailure>(outcome).words};
    co_return unknown;
}

void StatusPages::note(const std::string& provider, const StatusPage& page) {
    const auto found = told_.find(provider);
    const bool first = found == told_.end();
    const bool same = !first && found->second.indicator == page.indicator;
    told_.insert_or_assign(provider, page);
    services_.metrics.provider_status(provider, gravity(page.indicator));
    if (same || (first && page.indicator == Indicator::none)) return;
    const bool fine = page.indicator == Indicator::none || page.indicator == Indicator::minor;
    services_.log.write(fine ? Level::info : Level::warning, LogLine("status-page")
                                                                 .with("provider", provider)
                                                                 .with("indicator", to_string(page.indicator))
                                                                 .with("reason", page.words));
}

asio::awaitable<void> StatusPages::tell_breaker(std::string provider, StatusPage page,
                                                policy::BreakerTerms terms) {
    std::vector<Breaker> changed;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        changed.clear();
        const auto known = transaction.breakers({provider});
        if (!known) return tl::unexpected(known.error());
        Breaker before;
        before.scope = provider;
        if (!known->empty()) before = known->front();
        const auto after = after_page(before, page, terms, services_.clock());
        if (!after) return {};
        if (auto put = transaction.put_breaker(*after); !put) return put;
        if (after->state != before.state) changed.push_back(*after);
        return {};
    };
    std::vector<std::string> locks{provider};
    const Result<void> written = co_await services_.store.write(std::move(locks), std::move(work));
    if (written) {
        log_breakers(services_.log, services_.metrics, changed);
        co_return;
    }
    services_.metrics.error("relay");
    services_.log.warning(
        LogLine("status-page-not-written").with("provider", provider).with("reason", written.error().text));
    told_.erase(provider);  // so that it is told anew
}

std::string StatusPages::to_text() const {
    std::string text;
    for (const auto& [provider, page] : told_) {
        const std::string words =
            page.indicator == Indicator::none ? "" : policy::without_controls(page.words);
        text.append(text.empty() ? "" : ", ").append(provider).append(" ").append(to_string(page.indicator));
        if (!words.empty()) text.append(" (" + words + ")");
    }
    return text;
}

}  // namespace mailrota::runtime
