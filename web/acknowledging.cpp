#include "web/acknowledging.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/runtime/deliver_job.h"
#include "core/runtime/notice.h"

namespace mailrota::web {

namespace {

using Said = wire::Acknowledgement::Result;
using store::BoxResult;

constexpr std::chrono::minutes rest_of_a_deferred_mail{5};
constexpr std::size_t longest_reply = 1000;

BoxResult::Outcome outcome_of(const Said& said) {
    switch (said.outcome) {
        case Said::Outcome::delivered:
            return BoxResult::Outcome::delivered;
        case Said::Outcome::failed:
            return BoxResult::Outcome::failed;
        case Said::Outcome::deferred:
            return BoxResult::Outcome::deferred;
    }
    return BoxResult::Outcome::deferred;
}

std::string_view word_for(const Said& said) {
    switch (said.outcome) {
        case Said::Outcome::delivered:
            return "delivered";
        case Said::Outcome::failed:
            return "failed";
        case Said::Outcome::deferred:
            return "deferred";
    }
    return "deferred";
}

void count(store::Acknowledged what, wire::AcknowledgementAnswer& answer) {
    switch (what) {
        case store::Acknowledged::taken:
            ++answer.taken;
            break;
        case store::Acknowledged::repeated:
            ++answer.repeated;
            break;
        case store::Acknowledged::stale:
            ++answer.stale;
            break;
        case store::Acknowledged::unknown:
            ++answer.unknown;
            break;
    }
}

// The words about one item, in one transaction.
class OneItem {
  public:
    OneItem(store::Transaction& transaction, const Acknowledging& terms, store::BoxItem item)
        : transaction_(transaction), terms_(terms), item_(std::move(item)) {}

    // The item and its bytes are gone with the last recipient that is settled: what a notification returns is
    // read before. Where the bytes are lost it returns nothing.
    Result<void> keep_bytes() {
        auto bytes = transaction_.box_bytes(item_.box, item_.id);
        if (!bytes && bytes.error().kind == ErrorKind::unavailable) return tl::unexpected(bytes.error());
        if (bytes) bytes_ = *std::move(bytes);
        return {};
    }

    Result<store::Acknowledged> note(const std::string& lease, const Said& said) {
        auto result = transaction_.acknowledge(
            item_.box, lease,
            {item_.id, said.recipient, outcome_of(said), said.reply.substr(0, longest_reply)},
            terms_.now + rest_of_a_deferred_mail);
        if (!result || *result != store::Acknowledged::taken) return result;
        if (said.outcome == Said::Outcome::failed) add_failure(said);
        auto told =
            transaction_.add_story({item_.mail, said.recipient, "acknowledged", story(said), terms_.now});
        if (!told) return tl::unexpected(told.error());
        return result;
    }

    // One notification for all that failed.
    Result<void> notify() {
        if (failures_.empty()) return {};
        runtime::Notification notification;
        notification.about = "box " + item_.id + " " + failures_.front().final_recipient;
        notification.mail = item_.mail;
        notification.dsn = runtime::notice_about(
            {item_.sender, item_.sender_parameters, terms_.hostname, item_.queued}, terms_.now);
        notification.dsn.recipients = failures_;
        notification.submit = terms_.worker.submit;
        notification.expire = terms_.worker.expire;
        const auto made = runtime::notification_job(notification, bytes_);
        if (!made) return {};
        auto put = transaction_.put_job(made->job, made->bytes);
        if (!put) return tl::unexpected(put.error());
        return {};
    }

  private:
    std::string story(const Said& said) const {
        std::string text = std::string(word_for(said)) + " by " + terms_.puller;
        if (!said.reply.empty()) text += ": " + said.reply.substr(0, longest_reply);
        return text;
    }

    void add_failure(const Said& said) {
        const auto recipient =
            std::ranges::find(item_.recipients, said.recipient, &store::BoxRecipient::address);
        if (recipient == item_.recipients.end() || !runtime::notify_of(recipient->parameters).failure) return;
        auto reply = wire::from_line(said.reply.substr(0, longest_reply));
        if (!reply || !wire::is_permanent(*reply))
            reply = wire::Reply{550, "5.0.0", said.reply.substr(0, longest_reply)};
        failures_.push_back(runtime::noticed(recipient->address, recipient->address, recipient->parameters,
                                             mail::DsnRecipient::Action::failed, *reply,
                                             "puller of box " + item_.box));
    }

    store::Transaction& transaction_;
    const Acknowledging& terms_;
    store::BoxItem item_;
    std::string bytes_;
    std::vector<mail::DsnRecipient> failures_;
};

Result<void> acknowledge_item(store::Transaction& transaction, const Acknowledging& terms,
                              const std::string& lease, const std::vector<const Said*>& words,
                              wire::AcknowledgementAnswer& answer) {
    auto item = transaction.box_item(terms.box, words.front()->id);
    if (!item && item.error().kind == ErrorKind::unavailable) return tl::unexpected(item.error());
    if (!item) {
        answer.unknown += words.size();
        return {};
    }
    OneItem one(transaction, terms, *std::move(item));
    const bool failed =
        std::ranges::any_of(words, [](const Said* said) { return said->outcome == Said::Outcome::failed; });
    if (failed)
        if (auto kept = one.keep_bytes(); !kept) return kept;
    for (const Said* said : words) {
        const auto noted = one.note(lease, *said);
        if (!noted) return tl::unexpected(noted.error());
        count(*noted, answer);
    }
    return one.notify();
}

}  // namespace

Result<wire::AcknowledgementAnswer> acknowledge(store::Transaction& transaction, const Acknowledging& terms,
                                                const wire::Acknowledgement& said) {
    std::map<std::string_view, std::vector<const Said*>> by_item;
    for (const auto& result : said.results) by_item[result.id].push_back(&result);
    wire::AcknowledgementAnswer answer;
    for (const auto& [id, words] : by_item)
        if (auto done = acknowledge_item(transaction, terms, said.lease, words, answer); !done)
            return tl::unexpected(done.error());
    return answer;
}

std::vector<wire::Acknowledgement> in_parts(wire::Acknowledgement said, std::size_t most) {
    std::ranges::stable_sort(said.results, {}, &Said::id);
    std::vector<wire::Acknowledgement> parts;
    for (Said& result : said.results) {
        if (parts.empty() || parts.back().results.size() == most) parts.push_back({said.lease, {}});
        parts.back().results.push_back(std::move(result));
    }
    return parts;
}

}  // namespace mailrota::web
