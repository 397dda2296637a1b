
#include <algorithm>
#include <utility>

#include "core/runtime/random_id.h"
#include "core/wire/handout_json.h"
#include "web/handing.h"

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

constexpr std::size_t shown_of_a_token = 8;

store::StoryLine leased(const store::BoxItem& item, std::string_view puller, std::string_view token,
                        store::Time now, store::Time until) {
    return {item.mail, "", "leased",
            "box " + item.box + " to " + std::string(puller) + " until " + wire::time_text(until) + " as " +
                std::string(token.substr(0, shown_of_a_token)),
            now};
}

wire::HandedMail handed(const store::BoxItem& item, std::uint64_t size) {
    wire::HandedMail mail{item.id, item.sender, item.sender_parameters, {}, size, item.queued, item.leases};
    for (const auto& recipient : item.recipients)
        mail.recipients.push_back({recipient.address, recipient.parameters});
    return mail;
}

using Sizes = std::vector<std::optional<std::uint64_t>>;

// What GET will give of each of them; nothing for a mail whose bytes are lost. Their bytes are in memory one
// after the other only.
Result<Sizes> sizes(store::Transaction& transaction, const std::vector<store::BoxItem>& items,
                    const std::vector<std::string>& hide) {
    Sizes sizes;
    for (const auto& item : items) {
        auto bytes = bytes_of(transaction, item);
        if (!bytes) return tl::unexpected(bytes.error());
        sizes.emplace_back();
        if (*bytes) sizes.back() = HandedMail(**std::move(bytes), hide).size();
    }
    return sizes;
}

}  // namespace

Result<std::optional<std::string>> bytes_of(store::Transaction& transaction, const store::BoxItem& item) {
    auto bytes = transaction.box_bytes(item.box, item.id);
    if (bytes) return std::optional(*std::move(bytes));
    if (bytes.error().kind == ErrorKind::unavailable) return tl::unexpected(bytes.error());
    return std::nullopt;
}

// It keeps its lease, so that the mails behind it have their turn, and its end is that of all: it expires.
void BoxPages::tell_lost(const store::BoxItem& item) {
    services_.log.error(runtime::LogLine("box-mail-without-bytes")
                            .with("box", item.box)
                            .with("mail", item.mail)
                            .with("id", item.id)
                            .with("outcome", "not handed out"));
}

asio::awaitable<Result<std::shared_ptr<BoxPages::Handing>>> BoxPages::take(Visit visit, std::size_t count,
                                                                           std::uint64_t bytes) {
    const auto now = services_.clock();
    auto handing = std::make_shared<Handing>();
    handing->box = visit.box();
    handing->token = runtime::random_id();
    handing->puller = visit.request.client.shown();
    handing->until = now + visit.door->settings.lease;
    auto done = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto items = transaction.lease_box(handing->box, count, bytes, handing->token, now, handing->until);
        if (!items) return tl::unexpected(items.error());
        handing->items = *std::move(items);
        for (const auto& item : handing->items) {
            auto told =
                transaction.add_story(leased(item, handing->puller, handing->token, now, handing->until));
            if (!told) return told;
        }
        auto counts = transaction.box_counts(handing->box, now);
        if (!counts) return tl::unexpected(counts.error());
        handing->left = counts->waiting;
        return {};
    });
    if (!done) co_return tl::unexpected(done.error());
    co_return handing;
}

asio::awaitable<Response> BoxPages::lease(Visit visit) {
    const auto wish = wire::read_lease_request(visit.request.body);
    if (!wish) co_return error_response(wish.error());
    const auto& settings = visit.door->settings;
    const auto count = std::min<std::size_t>(wish->count, settings.lease_count);
    const auto bytes = wish->bytes == 0 ? settings.lease_bytes : std::min(wish->bytes, settings.lease_bytes);
    auto taken = co_await take(visit, count, bytes);
    if (!taken) co_return error_response(taken.error());
    const auto handing = *taken;
    if (handing->items.empty()) co_return json_response(200, wire::to_json(wire::Lease{}));
    Sizes known;
    auto done = co_await services_.store.read([&](store::Transaction& transaction) -> Result<void> {
        auto counted = sizes(transaction, handing->items, settings.hide);
        if (!counted) return tl::unexpected(counted.error());
        known = *std::move(counted);
        return {};
    });
    if (!done) co_await end_lease(handing);
    if (!done) co_return error_response(done.error());
    wire::Lease lease{handing->token, handing->until, {}, handing->left};
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i])
            lease.mails.push_back(handed(handing->items[i], *known[i]));
        else
            tell_lost(handing->items[i]);
    }
    auto response = json_response(200, wire::to_json(lease));
    response.noted.emplace_back("mails", std::to_string(lease.mails.size()));
    response.sent = [this, handing](bool written) { return after_lease(handing, written); };
    co_return response;
}

// A puller that did not hear of its lease need not wait for its end.
asio::awaitable<Result<void>> BoxPages::after_lease(std::shared_ptr<Handing> handing, bool written) {
    if (written) co_return Result<void>();
    auto done = co_await end_lease(handing);
    co_return done;
}

asio::awaitable<Result<void>> BoxPages::end_lease(std::shared_ptr<Handing> handing) {
    auto done = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto ended = transaction.end_lease(handing->box, handing->token, services_.clock());
        if (!ended) return tl::unexpected(ended.error());
        return {};
    });
    co_return done;
}

}  // namespace mailrota::web
