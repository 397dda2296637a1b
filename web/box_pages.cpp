#include "web/box_pages.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>

#include "core/runtime/secrets.h"
#include "core/wire/handout_json.h"
#include "web/handing.h"

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

// Of mails that are on their way to pullers.
constexpr std::uint64_t most_bytes_in_memory = std::uint64_t{512} << 20U;

// So that one puller's request does not hold up all who write.
constexpr std::size_t most_results = 1000;
constexpr std::size_t results_of_a_transaction = 100;

void count_in(const wire::AcknowledgementAnswer& part, wire::AcknowledgementAnswer& all) {
    all.taken += part.taken;
    all.repeated += part.repeated;
    all.stale += part.stale;
    all.unknown += part.unknown;
}

Response busy() {
    auto response = error_response(503, "too many large mails at once");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

// A mail on its way, with its share of the memory.
struct OneMail {
    HandedMail mail;
    std::string digest;
    std::shared_ptr<void> share;
};

Response mail_response(const std::shared_ptr<const OneMail>& one) {
    Response response;
    response.type = "message/rfc822";
    response.body = {one, one->mail.pieces()};
    response.headers.emplace_back("Digest", one->digest);
    return response;
}

}  // namespace

BoxPages::BoxPages(Services services) : services_(std::move(services)), budget_(most_bytes_in_memory) {}

void BoxPages::add_to(Router& router) {
    add(router, "GET", "/boxes/{box}", &BoxPages::status);
    add(router, "POST", "/boxes/{box}/lease", &BoxPages::lease, services_.max_body);
    add(router, "GET", "/boxes/{box}/messages/{id}", &BoxPages::message);
    add(router, "POST", "/boxes/{box}/acknowledge", &BoxPages::acknowledge, services_.max_body);
    add(router, "POST", "/boxes/{box}/renew", &BoxPages::renew, services_.max_body);
    add(router, "POST", "/boxes/{box}/return", &BoxPages::give_back, services_.max_body);
    add(router, "GET", "/boxes/{box}/postoffice", &BoxPages::legacy);
}

void BoxPages::add(Router& router, std::string method, std::string path, Page page, std::uint64_t max_body) {
    router.add({std::move(method), std::move(path),
                [this, page](Request request) { return enter(std::move(request), page); }, max_body});
}

asio::awaitable<Response> BoxPages::enter(Request request, Page page) {
    auto admission = co_await services_.gate.admit(request);
    if (!admission) co_return std::move(admission.error());
    std::vector<std::pair<std::string, std::string>> noted = {{"box", admission->door->settings.name},
                                                              {"user", admission->user}};
    Visit visit{std::move(request), admission->door};
    auto response = co_await (this->*page)(std::move(visit));
    response.noted.insert(response.noted.begin(), noted.begin(), noted.end());
    co_return response;
}

asio::awaitable<Response> BoxPages::status(Visit visit) {
    store::BoxCounts counts;
    auto done = co_await services_.store.read([&](store::Transaction& transaction) -> Result<void> {
        auto counted = transaction.box_counts(visit.box(), services_.clock());
        if (!counted) return tl::unexpected(counted.error());
        counts = *counted;
        return {};
    });
    if (!done) co_return error_response(done.error());
    co_return json_response(
        200, wire::to_json(wire::BoxStatus{counts.waiting, counts.leased, counts.bytes, counts.oldest}));
}

// Only under the lease in force: whoever lost his lease shall not deliver what another one has by now.
asio::awaitable<Response> BoxPages::message(Visit visit) {
    const auto lease = visit.request.target.query.find("lease");
    if (lease == visit.request.target.query.end()) co_return error_response(400, "the query needs a lease");
    std::optional<Response> refusal;
    std::shared_ptr<const OneMail> found;
    auto done = co_await services_.store.read([&](store::Transaction& transaction) -> Result<void> {
        refusal.reset();
        auto item = transaction.box_item(visit.box(), visit.request.named.at("id"));
        if (!item && item.error().kind == ErrorKind::unavailable) return tl::unexpected(item.error());
        if (!item) refusal = error_response(404, "there is no such mail in this box");
        if (refusal) return {};
        const bool in_force = !item->lease.empty() && item->leased_until > services_.clock();
        if (!in_force || !runtime::same_secret(item->lease, lease->second))
            refusal = error_response(409, "the lease is not in force");
        auto share = refusal ? nullptr : budget_.take(item->size);
        if (!refusal && !share) refusal = busy();
        if (refusal) return {};
        auto bytes = transaction.box_bytes(visit.box(), item->id);
        if (!bytes) return tl::unexpected(bytes.error());
        HandedMail mail(*std::move(bytes), visit.door->settings.hide);
        auto digest = mail.digest();
        found = std::make_shared<const OneMail>(std::move(mail), std::move(digest), std::move(share));
        return {};
    });
    if (!done) co_return error_response(done.error());
    co_return refusal ? *std::move(refusal) : mail_response(found);
}

// What was noted before the store went away stays noted: the puller says all of it again.
asio::awaitable<Response> BoxPages::acknowledge(Visit visit) {
    auto said = wire::read_acknowledgement(visit.request.body);
    if (!said) co_return error_response(said.error());
    if (said->results.size() > most_results) co_return error_response(413, "more than 1000 results at once");
    const Acknowledging terms{visit.box(), visit.request.client.shown(), services_.hostname,
                              services_.worker(), services_.clock()};
    wire::AcknowledgementAnswer answer;
    for (const auto& part : in_parts(*std::move(said), results_of_a_transaction)) {
        wire::AcknowledgementAnswer of_part;
        auto done = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
            auto noted = web::acknowledge(transaction, terms, part);
            if (!noted) return tl::unexpected(noted.error());
            of_part = *noted;
            return {};
        });
        if (!done) co_return error_response(done.error());
        count_in(of_part, answer);
    }
    co_return json_response(200, wire::to_json(answer));
}

asio::awaitable<Response> BoxPages::renew(Visit visit) {
    const auto token = wire::read_token(visit.request.body);
    if (!token) co_return error_response(token.error());
    const auto until = services_.clock() + visit.door->settings.lease;
    std::size_t held = 0;
    auto done = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto renewed = transaction.renew_lease(visit.box(), *token, until);
        if (!renewed) return tl::unexpected(renewed.error());
        held = *renewed;
        return {};
    });
    if (!done) co_return error_response(done.error());
    const boost::json::value answer{{"held", held}, {"until", wire::time_text(until)}};
    co_return json_response(200, boost::json::serialize(answer));
}

asio::awaitable<Response> BoxPages::give_back(Visit visit) {
    const auto token = wire::read_token(visit.request.body);
    if (!token) co_return error_response(token.error());
    std::size_t returned = 0;
    auto done = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto ended = transaction.end_lease(visit.box(), *token, services_.clock());
        if (!ended) return tl::unexpected(ended.error());
        returned = *ended;
        return {};
    });
    if (!done) co_return error_response(done.error());
    const boost::json::value answer{{"returned", returned}};
    co_return json_response(200, boost::json::serialize(answer));
}

}  // namespace mailrota::web
