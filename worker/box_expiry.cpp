#include "worker/box_expiry.h"

#include <optional>
#include <utility>

#include "core/runtime/deliver_job.h"
#include "core/runtime/notice.h"

namespace mailrota::worker {
namespace {

namespace asio = boost::asio;
using runtime::LogLine;

const wire::Reply expired{554, "5.4.7", "Nobody fetched the mail in time"};

std::vector<mail::DsnRecipient> to_be_told(const store::BoxItem& item) {
    std::vector<mail::DsnRecipient> told;
    for (const store::BoxRecipient& recipient : item.recipients) {
        if (recipient.state != store::BoxRecipient::State::waiting) continue;
        if (!runtime::notify_of(recipient.parameters).failure) continue;
        told.push_back(runtime::noticed(recipient.address, recipient.address, recipient.parameters,
                                        mail::DsnRecipient::Action::failed, expired,
                                        "puller of box " + item.box));
    }
    return told;
}

}  // namespace

asio::awaitable<bool> BoxExpiry::end_one() {
    std::optional<Ended> ended;
    store::Work work = [this, &ended](store::Transaction& transaction) -> Result<void> {
        ended.reset();
        auto found = transaction.expired_items(services_.clock(), 1);
        if (!found) return tl::unexpected(found.error());
        if (found->empty()) return {};
        const auto had_bytes = end(transaction, found->front());
        if (!had_bytes) return tl::unexpected(had_bytes.error());
        ended = Ended{std::move(found->front()), *had_bytes};
        return {};
    };
    const Result<void> written = co_await services_.store.write({}, std::move(work));
    if (!written) services_.log.warning(LogLine("boxes-not-looked-at").with("reason", written.error().text));
    if (!written || !ended) co_return false;
    tell(*ended);
    co_return true;
}

Result<bool> BoxExpiry::end(store::Transaction& transaction, const store::BoxItem& item) const {
    const store::Time now = services_.clock();
    runtime::Notification notification;
    notification.about = "expired " + item.id;
    notification.mail = item.mail;
    notification.dsn =
        runtime::notice_about({item.sender, item.sender_parameters, services_.hostname, item.queued}, now);
    notification.dsn.recipients = to_be_told(item);
    notification.submit = services_.settings.submit;
    notification.expire = services_.settings.expire;
    auto bytes = transaction.box_bytes(item.box, item.id);
    // Bytes that are lost must not keep the mails behind this one.
    if (!bytes && bytes.error().kind == ErrorKind::unavailable) return tl::unexpected(bytes.error());
    const auto job = runtime::notification_job(notification, bytes.value_or(""));
    if (job)
        if (auto put = transaction.put_job(job->job, job->bytes); !put) return tl::unexpected(put.error());
    const std::string told = job ? item.sender + " is told" : "nobody is told";
    const store::StoryLine line{item.mail, "", "expired", "in box " + item.box + "; " + told, now};
    if (auto added = transaction.add_story(line); !added) return tl::unexpected(added.error());
    if (auto dropped = transaction.drop_item(item.box, item.id); !dropped)
        return tl::unexpected(dropped.error());
    return bytes.has_value();
}

void BoxExpiry::tell(const Ended& ended) const {
    const auto& item = ended.item;
    if (!ended.had_bytes)
        services_.log.error(LogLine("box-mail-without-bytes")
                                .with("box", item.box)
                                .with("mail", item.mail)
                                .with("id", item.id)
                                .with("outcome", "its sender is told without the mail"));
    services_.log.warning(LogLine("box-mail-expired")
                              .with("box", item.box)
                              .with("mail", item.mail)
                              .with("sender", item.sender.empty() ? "<>" : item.sender)
                              .with("recipients", static_cast<std::int64_t>(item.recipients.size()))
                              .with("leases", item.leases)
                              .with("outcome", to_be_told(item).empty() || item.sender.empty()
                                                   ? "dropped, nobody is told"
                                                   : "dropped, its sender is told"));
}

}  // namespace mailrota::worker
