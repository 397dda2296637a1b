#include <algorithm>
#include <utility>

#include "core/wire/handout.h"
#include "web/handing.h"

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_at_once = 50;  // as PostOffice's server.py has it
// A mail is in memory as bytes, as decoded text and twice as JSON.
constexpr std::uint64_t copies = 5;

wire::LegacyMail legacy_mail(const store::BoxItem& item, const HandedMail& handed) {
    wire::LegacyMail mail;
    mail.mail_from = item.sender;
    for (const auto& recipient : item.recipients) mail.rcpt_tos.push_back(recipient.address);
    mail.subject = handed.message().subject();
    mail.body = handed.message().text().utf8;
    mail.data = handed.whole();
    mail.timestamp = item.queued;
    return mail;
}

struct Reading {
    std::vector<wire::LegacyMail> mails;
    std::vector<store::BoxItem> given;
    std::vector<store::BoxItem> lost;
};

Result<Reading> read(store::Transaction& transaction, const std::vector<store::BoxItem>& items,
                     const std::vector<std::string>& hide) {
    Reading reading;
    for (const auto& item : items) {
        auto bytes = bytes_of(transaction, item);
        if (!bytes) return tl::unexpected(bytes.error());
        (*bytes ? reading.given : reading.lost).push_back(item);
        if (*bytes) reading.mails.push_back(legacy_mail(item, HandedMail(**std::move(bytes), hide)));
    }
    return reading;
}

std::uint64_t size_of(const std::vector<store::BoxItem>& items) {
    std::uint64_t size = 0;
    for (const auto& item : items) size += item.size;
    return size;
}

}  // namespace

// PostOffice's GET, which takes the mails out of the box as soon as the answer is written, whether or not
// anybody has read it.
asio::awaitable<Response> BoxPages::legacy(Visit visit) {
    const auto& settings = visit.door->settings;
    if (!settings.legacy) co_return error_response(404, "there is nothing here");
    if (visit.request.method == "HEAD") co_return json_response(200, "[]");
    auto taken =
        co_await take(visit, std::min<std::size_t>(most_at_once, settings.lease_count), settings.lease_bytes);
    if (!taken) co_return error_response(taken.error());
    const auto handing = *taken;
    if (handing->items.empty()) co_return json_response(200, "[]");
    const auto share = budget_.take(copies * size_of(handing->items));
    if (!share) co_await end_lease(handing);
    if (!share) co_return error_response(503, "too many large mails at once");
    Reading found;
    auto done = co_await services_.store.read([&](store::Transaction& transaction) -> Result<void> {
        auto reading = read(transaction, handing->items, settings.hide);
        if (!reading) return tl::unexpected(reading.error());
        found = *std::move(reading);
        return {};
    });
    if (!done) co_await end_lease(handing);
    if (!done) co_return error_response(done.error());
    for (const auto& item : found.lost) tell_lost(item);
    handing->items = std::move(found.given);
    auto response = json_response(200, wire::to_json(found.mails));
    response.noted.emplace_back("mails", std::to_string(found.mails.size()));
    response.sent = [this, handing, share](bool written) { return after_legacy(handing, written); };
    co_return response;
}

// A client may take longer to read than the lease lasts: what another one has by then stays his.
asio::awaitable<Result<void>> BoxPages::after_legacy(std::shared_ptr<Handing> handing, bool written) {
    if (!written) {
        auto ended = co_await end_lease(handing);
        co_return ended;
    }
    auto done = co_await services_.store.write([&](store::Transaction& transaction) -> Result<void> {
        // This locks what is still ours.
        auto held = transaction.renew_lease(handing->box, handing->token, handing->until);
        if (!held) return tl::unexpected(held.error());
        for (const auto& item : handing->items) {
            const auto now = transaction.box_item(item.box, item.id);
            if (!now && now.error().kind == ErrorKind::unavailable) return tl::unexpected(now.error());
            if (!now || now->lease != handing->token) continue;
            auto told =
                transaction.add_story({item.mail, "", "acknowledged",
                                       "handed to " + handing->puller +
                                           " in PostOffice's form and taken out of the box " + item.box,
                                       services_.clock()});
            if (!told) return told;
            auto dropped = transaction.drop_item(item.box, item.id);
            if (!dropped) return dropped;
        }
        return {};
    });
    co_return done;
}

}  // namespace mailrota::web
