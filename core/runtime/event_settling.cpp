#include "core/runtime/event_settling.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "core/mail/address.h"
#include "core/providers/webhook.h"
#include "core/runtime/deliver_job.h"
#include "core/runtime/notice.h"
#include "core/runtime/relayed_mail.h"

namespace mailrota::runtime {
namespace {

using mail::MailEvent;
using store::RelayAttempt;

// A provider's message id may stand for several of our calls only if somebody else's mail has it too.
constexpr std::size_t most_of_one_id = 10;

RelayAttempt::Recipient* recipient_of(RelayAttempt& attempt, const MailEvent& event) {
    // Some events do not say whom they are about.
    if (event.recipient.empty())
        return attempt.recipients.size() == 1 ? &attempt.recipients.front() : nullptr;
    const auto wanted = mail::Address::from_envelope(event.recipient);
    const auto is_wanted = [&wanted](const RelayAttempt::Recipient& recipient) {
        return mail::Address::from_envelope(recipient.address) == wanted;
    };
    const auto found = std::ranges::find_if(attempt.recipients, is_wanted);
    return found == attempt.recipients.end() ? nullptr : &*found;
}

// The status that stands for a reason where the other side's reply is not known.
wire::Reply reply_for(const MailEvent& event) {
    if (auto spoken = wire::from_line(event.mta_response); spoken && wire::is_permanent(*spoken))
        return *spoken;
    const std::string text = !event.mta_response.empty()  ? event.mta_response
                             : !event.description.empty() ? event.description
                                                          : std::string(to_string(event.reason));
    switch (event.reason) {
        case MailEvent::Reason::invalid:
        case MailEvent::Reason::bounced:
            return {550, "5.1.1", text};
        case MailEvent::Reason::timed_out:
            return {554, "5.4.7", text};
        case MailEvent::Reason::blocked:
        case MailEvent::Reason::spam:
        case MailEvent::Reason::unsubscribed:
            return {550, "5.7.1", text};
        case MailEvent::Reason::none:
        case MailEvent::Reason::other:
            return {550, "5.0.0", text};
    }
    return {550, "5.0.0", text};
}

bool is_suppressing(const MailEvent& event, const config::RelaySettings& settings) {
    // "<>" is nobody: the list would refuse it, and this event be in the way of all that come after it.
    const bool nobody = mail::Address::from_envelope(event.recipient).key().empty();
    if (nobody || (event.type == MailEvent::Type::bounced && event.soft)) return false;
    return std::ranges::find(settings.suppress, to_string(event.type)) != settings.suppress.end();
}

// One event in its transaction.
class Settling {
  public:
    Settling(store::Transaction& transaction, const EventTerms& terms, store::StoredEvent stored)
        : transaction_(transaction), terms_(terms) {
        settled_.event = std::move(stored);
    }

    Result<SettledEvent> settle() {
        if (auto found = find_attempt(); !found) return tl::unexpected(found.error());
        if (auto moved = move(); !moved) return tl::unexpected(moved.error());
        if (auto listed = suppress(); !listed) return tl::unexpected(listed.error());
        return std::move(settled_);
    }

  private:
    const MailEvent& event() const { return settled_.event.event; }

    Result<void> find_attempt() {
        if (!event().attempt.empty()) {
            auto found = transaction_.attempt(event().attempt);
            if (!found) return tl::unexpected(found.error());
            // Who may sign for one provider does not speak for another's calls.
            if (*found && (*found)->provider == settled_.event.provider) take(*std::move(*found));
        }
        if (attempt_ || event().message_id.empty()) return {};
        auto found =
            transaction_.attempts_by_provider_id(settled_.event.provider, event().message_id, most_of_one_id);
        if (!found) return tl::unexpected(found.error());
        for (RelayAttempt& attempt : *found)
            if (!attempt_ && recipient_of(attempt, event()) != nullptr) take(std::move(attempt));
        return {};
    }

    void take(RelayAttempt attempt) {
        attempt_ = std::move(attempt);
        settled_.attempt = attempt_->id;
        settled_.event.mail = attempt_->mail;
    }

    Result<void> move() {
        const auto* recipient = attempt_ ? recipient_of(*attempt_, event()) : nullptr;
        if (recipient == nullptr || !advances(recipient->standing, event().type)) return {};
        settled_.moved = true;
        const bool told_before = is_final_failure(recipient->standing);
        if (auto put = transaction_.put_standing(attempt_->id, recipient->offer, event().type, event().at);
            !put)
            return put;
        if (!is_final_failure(event().type) || told_before || !terms_.relay.notify) return {};
        return notify(*recipient);
    }

    Result<void> notify(const RelayAttempt::Recipient& recipient) {
        // What was refused at once had its answer in the dialogue.
        if (recipient.outcome == RelayAttempt::Recipient::Outcome::failed) return {};
        const auto mails = transaction_.find_mails(attempt_->mail, 1);
        if (!mails) return tl::unexpected(mails.error());
        if (mails->empty()) return {};
        const auto remembered = remembered_mail();
        if (!remembered) return tl::unexpected(remembered.error());
        const auto parameters = remembered->parameters_of(recipient.address);
        if (!notify_of(parameters).failure) return {};
        Notification notification;
        notification.about = "bounce " + attempt_->id + " " + recipient.address;
        notification.mail = attempt_->mail;
        notification.dsn = notice_about(
            {mails->front().sender, remembered->sender_parameters, terms_.hostname, mails->front().arrived},
            terms_.now);
        notification.dsn.full_content = false;
        notification.dsn.recipients = {noticed(recipient.address, recipient.address, parameters,
                                               mail::DsnRecipient::Action::failed, reply_for(event()),
                                               "provider " + settled_.event.provider)};
        notification.submit = terms_.worker.submit;
        notification.expire = terms_.worker.expire;
        return put(notification, remembered->header);
    }

    Result<RelayedMail> remembered_mail() {
        auto bytes = transaction_.bytes(relayed_mail_name(attempt_->mail));
        if (!bytes) return tl::unexpected(bytes.error());
        if (!*bytes) return RelayedMail{};
        return read_relayed_mail(**bytes).value_or(RelayedMail{});
    }

    Result<void> put(const Notification& notification, const std::string& header) {
        const auto job = notification_job(notification, header);
        if (!job) return {};
        auto put = transaction_.put_job(job->job, job->bytes);
        if (!put) return tl::unexpected(put.error());
        settled_.notified = *put;
        if (!*put) return {};
        return transaction_.add_story({attempt_->mail, event().recipient, "notified",
                                       notification.dsn.to + " is told: " + wire::to_line(reply_for(event())),
                                       terms_.now});
    }

    Result<void> suppress() {
        if (!is_suppressing(event(), terms_.relay)) return {};
        const std::string detail = event().mta_response.empty() ? event().description : event().mta_response;
        auto listed = transaction_.suppress({event().recipient, std::string(to_string(event().type)),
                                             settled_.event.provider, detail, event().at});
        if (!listed) return tl::unexpected(listed.error());
        settled_.suppressed = *listed;
        if (!*listed || !attempt_) return {};
        return transaction_.add_story(
            {attempt_->mail, event().recipient, "suppressed",
             std::string(to_string(event().type)) + " by " + settled_.event.provider, terms_.now});
    }

    store::Transaction& transaction_;
    const EventTerms& terms_;
    SettledEvent settled_;
    std::optional<RelayAttempt> attempt_;
};

// The normal form with what only we know in front: whose event it is, and of which of our mails.
std::string handed_on(const store::StoredEvent& event) {
    const std::string ours =
        boost::json::serialize(boost::json::object{{"provider", event.provider}, {"mail", event.mail}});
    return ours.substr(0, ours.size() - 1) + "," + providers::to_json(event.event).substr(1);
}

// One job for all of them. With the time: events that are replayed are handed on again.
Result<void> hand_on(store::Transaction& transaction, const EventTerms& terms,
                     const std::vector<SettledEvent>& settled) {
    if (terms.events.command.empty() && terms.events.url.empty()) return {};
    std::string lines;
    for (const SettledEvent& one : settled) lines += handed_on(one.event) + '\n';
    store::Job job;
    job.key = "events " + std::to_string(settled.front().event.seq) + "-" +
              std::to_string(settled.back().event.seq) + " " +
              std::to_string(terms.now.time_since_epoch().count());
    job.kind = hand_on_kind;
    job.payload = "{}";
    job.created = job.due = terms.now;
    job.expires = terms.now + terms.events.expire;
    auto put = transaction.put_job(job, lines);
    if (!put) return tl::unexpected(put.error());
    return {};
}

}  // namespace

Result<std::vector<SettledEvent>> settle_events(store::Transaction& transaction, const EventTerms& terms,
                                                std::size_t limit) {
    auto events = transaction.unsettled_events(limit);
    if (!events) return tl::unexpected(events.error());
    std::vector<SettledEvent> settled;
    if (events->empty()) return settled;
    std::vector<store::Events::Settled> done;
    for (store::StoredEvent& event : *events) {
        const std::int64_t seq = event.seq;
        auto one = Settling(transaction, terms, std::move(event)).settle();
        if (!one) return tl::unexpected(one.error());
        done.push_back({seq, one->event.mail});
        settled.push_back(*std::move(one));
    }
    if (auto handed = hand_on(transaction, terms, settled); !handed) return tl::unexpected(handed.error());
    if (auto marked = transaction.settle_events(done); !marked) return tl::unexpected(marked.error());
    return settled;
}

}  // namespace mailrota::runtime
