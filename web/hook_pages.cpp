#include "web/hook_pages.h"

#include <map>
#include <utility>

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

using runtime::LogLine;

// Refusals of one second that are told in the log; all are counted.
constexpr int most_told = 10;

constexpr std::uint64_t most_of_bodies = 64'000'000;

Response nobody_here() { return error_response(404, "there is nothing here"); }

Response done() { return text_response(200, "ok\n"); }

// All of these providers come again after a 503.
Response come_again() {
    auto response = error_response(503, "cannot be taken now");
    response.headers.emplace_back("Retry-After", "30");
    return response;
}

std::string certificate_url(const providers::Verdict& verdict) {
    const auto* needs = std::get_if<providers::NeedsCertificate>(&verdict);
    return needs == nullptr ? std::string() : needs->url;
}

}  // namespace

HookPages::HookPages(Services services, std::shared_ptr<const HookDoors> doors)
    : services_(std::move(services)), doors_(std::move(doors)) {}

void HookPages::add_to(Router& router) {
    const auto page = [this](Request request) { return receive(std::move(request)); };
    const auto turns_away = [this](const Request& request) { return turn_away(request); };
    const auto memory = std::make_shared<MemoryBudget>(most_of_bodies);
    router.add({"GET", "/hook/{provider}", page, 0, false, turns_away, nullptr});
    router.add({"POST", "/hook/{provider}", page, services_.max_body, false, turns_away, memory});
}

std::optional<Response> HookPages::turn_away(const Request& request) {
    const auto door = doors_.get()->find(request.named.at("provider"));
    if (!door) return nobody_here();
    const auto& allow = door->settings.webhook.allow;
    if (allow.empty() || request.client.in(allow)) return std::nullopt;
    return refuse(door->settings.name, request.client.shown(), providers::Forged{401, "wrong address"});
}

asio::awaitable<Response> HookPages::receive(Request request) {
    const auto door = doors_.get()->find(request.named.at("provider"));
    if (!door) co_return nobody_here();
    const auto visit = std::make_shared<const Visit>(
        Visit{door,
              {std::move(request.method), std::move(request.headers), std::move(request.body)},
              request.client.shown()});
    const auto verdict = co_await verify(visit);
    if (const auto* forged = std::get_if<providers::Forged>(&verdict))
        co_return refuse(visit->provider(), visit->client, *forged);
    if (!certificate_url(verdict).empty()) co_return come_again();
    const auto genuine = std::get<providers::Genuine>(verdict);
    if (genuine.probe) co_return done();
    auto response = co_await take(visit, genuine);
    response.noted.emplace_back("provider", visit->provider());
    co_return response;
}

// Only SES needs certificates, and a new one once in months.
asio::awaitable<providers::Verdict> HookPages::verify(SharedVisit visit) {
    const HookDoor& door = *visit->door;
    const bool certified = door.settings.kind == config::ProviderSettings::Kind::ses;
    if (!certified) co_return door.hook->verify(visit->request, door.keys, services_.clock());
    auto keys = door.keys;
    keys.certificates = services_.sns.certificates();
    auto verdict = door.hook->verify(visit->request, keys, services_.clock());
    const std::string url = certificate_url(verdict);
    if (url.empty()) co_return verdict;
    const auto fetched = co_await services_.sns.fetch(url, SnsCaller::terms_of(door.settings));
    if (!fetched) {
        services_.log.warning(LogLine("certificate-unavailable")
                                  .with("provider", visit->provider())
                                  .with("reason", fetched.error().text));
        co_return verdict;
    }
    keys.certificates = services_.sns.certificates();
    co_return door.hook->verify(visit->request, keys, services_.clock());
}

asio::awaitable<Response> HookPages::take(SharedVisit visit, providers::Genuine genuine) {
    auto news = visit->door->hook->parse(visit->request);
    if (!news) {
        services_.metrics.event(visit->provider(), "unreadable", 1);
        services_.log.warning(
            LogLine("hook-unreadable").with("provider", visit->provider()).with("reason", news.error().text));
        co_return error_response(400, "the body cannot be read");
    }
    if (news->confirm) {
        auto confirmed = co_await confirm(visit, *news->confirm);
        co_return confirmed;
    }
    for (auto& event : news->events)
        if (event.at == std::chrono::sys_seconds()) event.at = services_.clock();
    const auto stored = co_await store(visit, *std::move(news), std::move(genuine));
    if (stored) co_return done();
    services_.log.error(
        LogLine("events-not-stored").with("provider", visit->provider()).with("reason", stored.error().text));
    co_return come_again();
}

asio::awaitable<Response> HookPages::confirm(SharedVisit visit, std::string url) {
    const auto confirmed =
        co_await services_.sns.confirm(std::move(url), SnsCaller::terms_of(visit->door->settings));
    services_.log.info(LogLine(confirmed ? "subscription-confirmed" : "subscription-not-confirmed")
                           .with("provider", visit->provider())
                           .with("reason", confirmed ? "" : confirmed.error().text));
    co_return confirmed ? done() : come_again();
}

// A token and the events that came with it are remembered together, or none of them is.
asio::awaitable<Result<void>> HookPages::store(SharedVisit visit, providers::HookNews news,
                                               providers::Genuine genuine) {
    const std::string& provider = visit->provider();
    const auto received = services_.clock();
    std::size_t fresh = 0;
    auto stored = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
        fresh = 0;
        if (!genuine.token.empty()) {
            const auto first = transaction.use_token(provider, genuine.token, received + genuine.token_life);
            if (!first) return tl::unexpected(first.error());
            if (!*first) return {};
        }
        if (news.events.empty()) return {};
        const auto put = transaction.put_events(provider, news.events, received);
        if (!put) return tl::unexpected(put.error());
        fresh = *put;
        return {};
    });
    if (stored) count(provider, news, fresh);
    co_return stored;
}

Response HookPages::refuse(const std::string& provider, const std::string& client,
                           const providers::Forged& forged) {
    services_.metrics.event(provider, "forged", 1);
    if (may_log())
        services_.log.warning(LogLine("hook-refused")
                                  .with("provider", provider)
                                  .with("client", client)
                                  .with("reason", forged.why));
    auto response = error_response(forged.status, "not accepted");
    // SNS sends its password only when it is asked for.
    if (forged.status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"mailrota\", charset=\"UTF-8\"");
    return response;
}

void HookPages::count(const std::string& provider, const providers::HookNews& news, std::size_t fresh) {
    std::map<mail::MailEvent::Type, std::size_t> types;
    for (const auto& event : news.events) ++types[event.type];
    for (const auto& [type, number] : types) services_.metrics.event(provider, mail::to_string(type), number);
    if (news.events.size() > fresh)
        services_.metrics.event(provider, "duplicate", news.events.size() - fresh);
    if (news.unreadable == 0) return;
    services_.metrics.event(provider, "unreadable", news.unreadable);
    services_.log.warning(LogLine("events-unreadable")
                              .with("provider", provider)
                              .with("count", static_cast<std::int64_t>(news.unreadable)));
}

// Whoever sends thousands of forged webhooks shall not fill the log.
bool HookPages::may_log() {
    const std::int64_t second = services_.clock().time_since_epoch().count();
    if (second_.exchange(second) != second) refusals_ = 0;
    return ++refusals_ <= most_told;
}

}  // namespace mailrota::web
