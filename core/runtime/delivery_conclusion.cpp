#include "core/runtime/delivery_conclusion.h"

#include <algorithm>
#include <utility>

#include "core/mail/text_encoding.h"
#include "core/runtime/kept_reply.h"
#include "core/runtime/notice.h"

namespace mailrota::runtime {
namespace {

using Entry = store::JournalEntry;
using Outcome = wire::SmtpResult::Outcome;
using Recipient = DeliverJob::Recipient;

constexpr std::size_t longest_last = 1000;  // bytes

// Puts the result of an attempt together. Pure.
class Conclusion {
  public:
    Conclusion(const ConclusionTerms& terms, const store::Job& job, DeliverJob delivery, bool expired)
        : terms_(terms), job_(job), delivery_(std::move(delivery)), expired_(expired) {}

    Attempted conclude(std::vector<Tried> tried, std::string_view bytes) {
        const std::vector<Recipient> recipients = std::exchange(delivery_.recipients, {});
        for (std::size_t i = 0; i < recipients.size(); ++i) take(recipients[i], std::move(tried[i]));
        const bool untold = !failures_.empty() && !add_notification(bytes);
        // Kept until the rest is over as well, for the administrator.
        std::vector<std::string> earlier = delivery_.untold;
        if (untold) std::ranges::move(failed_, std::back_inserter(delivery_.untold));
        settle();
        store::Work also = [lines = std::move(lines_), entries = std::move(entries_),
                            jobs = std::move(jobs_)](store::Transaction& transaction) {
            return write(transaction, lines, entries, jobs);
        };
        if (!delivery_.recipients.empty())
            return Postponed{std::move(last_), to_json(delivery_), wait_, std::move(also)};
        if (!delivery_.untold.empty()) return Failed{with_earlier(earlier), std::move(also)};
        return Finished{std::move(last_), std::move(also)};
    }

  private:
    // An outcome that the journal entry of an offer gets.
    struct Update {
        std::string offer;
        Entry::Outcome outcome;
        std::string reply;
    };

    // An offer with several addresses is done when each of them is.
    void settle() {
        const auto keeps_open = [this](const Update& done) {
            const auto fails = [&done](const Update& other) {
                return other.offer == done.offer && other.outcome == Entry::Outcome::failed;
            };
            const auto waits = [&done](const Recipient& left) { return left.offer == done.offer; };
            return done.outcome == Entry::Outcome::done &&
                   (std::ranges::any_of(entries_, fails) || std::ranges::any_of(delivery_.recipients, waits));
        };
        std::vector<Update> settled;
        std::ranges::remove_copy_if(entries_, std::back_inserter(settled), keeps_open);
        entries_ = std::move(settled);
    }

    std::string with_earlier(const std::vector<std::string>& earlier) const {
        std::string all;
        for (const std::string& one : earlier) {
            if (all.size() > longest_last) break;
            all += (all.empty() ? "failed before: " : "; ") + one;
        }
        all += (all.empty() ? "" : "; ") + last_;
        mail::cut_utf8(all, longest_last);
        return all;
    }

    void take(const Recipient& recipient, Tried tried) {
        wire::SmtpResult& result = tried.result;
        const bool over = result.outcome != Outcome::done && result.outcome != Outcome::failed;
        if (over && expired_) expire(result);
        const std::string reply = kept_line(result.reply);
        tell(recipient, tried, reply);
        if (result.outcome == Outcome::done) {
            update(recipient, Entry::Outcome::done, reply);
        } else if (result.outcome == Outcome::failed) {
            update(recipient, Entry::Outcome::failed, reply);
            fail(recipient, tried, reply);
        } else {
            wait_ = wait_.count() == 0 ? tried.wait : std::min(wait_, tried.wait);
            delivery_.recipients.push_back(recipient);
        }
    }

    static void expire(wire::SmtpResult& result) {
        result.reply = {554, "5.4.7", "Not delivered in time; last: " + wire::to_line(result.reply)};
        result.outcome = Outcome::failed;
    }

    void tell(const Recipient& recipient, const Tried& tried, const std::string& reply) {
        const Outcome outcome = tried.result.outcome;
        const std::string event = outcome == Outcome::done     ? "delivered"
                                  : outcome == Outcome::failed ? "failed"
                                                               : "attempt";
        const std::string possibly = outcome == Outcome::uncertain ? " (it may have arrived)" : "";
        const std::string text = recipient.address + " at " + tried.peer + ": " + reply + possibly;
        lines_.push_back({job_.mail, recipient.original, event, text, terms_.clock()});
        last_ += (last_.empty() ? "" : "; ") + recipient.address + ": " + reply;
        mail::cut_utf8(last_, longest_last);
    }

    void update(const Recipient& recipient, Entry::Outcome outcome, const std::string& reply) {
        if (!recipient.offer.empty()) entries_.push_back({recipient.offer, outcome, reply});
    }

    void fail(const Recipient& recipient, const Tried& tried, const std::string& reply) {
        if (!notify_of(recipient.parameters).failure) return;
        failed_.push_back(recipient.address + ": " + reply);
        failures_.push_back(noticed(recipient.address, recipient.original, recipient.parameters,
                                    mail::DsnRecipient::Action::failed, tried.result.reply, tried.host));
    }

    // False if there is nobody to notify.
    bool add_notification(std::string_view bytes) {
        Notification notification;
        notification.about = "failed job " + job_.key + " " + failures_.front().final_recipient;
        notification.mail = job_.mail;
        notification.dsn = notice_about(
            {delivery_.sender, delivery_.sender_parameters, terms_.hostname, job_.created}, terms_.clock());
        notification.dsn.recipients = std::move(failures_);
        notification.submit = terms_.settings.submit;
        notification.expire = terms_.settings.expire;
        auto made = notification_job(notification, bytes);
        if (!made) return false;
        lines_.push_back({job_.mail, "", "notified", delivery_.sender + " is told", terms_.clock()});
        jobs_.push_back(*std::move(made));
        return true;
    }

    static Result<void> write(store::Transaction& transaction, const std::vector<store::StoryLine>& lines,
                              const std::vector<Update>& updates, const std::vector<NewJob>& jobs) {
        for (const NewJob& job : jobs)
            if (auto put = transaction.put_job(job.job, job.bytes); !put) return tl::unexpected(put.error());
        for (const store::StoryLine& line : lines)
            if (!line.mail.empty())
                if (auto added = transaction.add_story(line); !added) return added;
        for (const Update& one : updates)
            if (auto updated = apply(transaction, one); !updated) return updated;
        return {};
    }

    // The entry may be gone: purged, or of a notification, which has none.
    static Result<void> apply(store::Transaction& transaction, const Update& update) {
        auto found = transaction.journal({update.offer});
        if (!found) return tl::unexpected(found.error());
        if (found->empty() || found->front().outcome != Entry::Outcome::handed) return {};
        Entry entry = found->front();
        entry.outcome = update.outcome;
        entry.reply = update.reply;
        store::StoredMail mail;
        mail.id = entry.mail;
        return transaction.put_journal(mail, {entry});
    }

    const ConclusionTerms& terms_;
    const store::Job& job_;
    DeliverJob delivery_;
    const bool expired_;
    std::vector<std::string> failed_;  // now, whom somebody wants to hear of
    std::string last_;
    std::chrono::seconds wait_{0};  // the shortest that is known to be worth while
    std::vector<store::StoryLine> lines_;
    std::vector<Update> entries_;
    std::vector<mail::DsnRecipient> failures_;
    std::vector<NewJob> jobs_;
};

}  // namespace

Attempted conclude_delivery(const ConclusionTerms& terms, const store::Job& job, DeliverJob delivery,
                            bool expired, std::vector<Tried> tried, std::string_view bytes) {
    return Conclusion(terms, job, std::move(delivery), expired).conclude(std::move(tried), bytes);
}

}  // namespace mailrota::runtime
