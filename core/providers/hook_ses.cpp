#include <algorithm>

#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"
#include "core/providers/sns.h"

// Events of SES, as notifications of SNS whose Message is a JSON text. One tells of several recipients.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::size_t most_recipients = 1'000;  // of one notification; SES takes 50 in a mail

// The event's word, what it means, where its particulars are and which list names its recipients.
struct Meaning {
    std::string_view word;
    Type type = Type::unknown;
    std::string_view place;
    std::string_view recipients;  // empty: all of the mail's
};
constexpr Meaning meanings[] = {{"Send", Type::sent, "send", ""},
                                {"Delivery", Type::delivered, "delivery", "recipients"},
                                {"Bounce", Type::bounced, "bounce", "bouncedRecipients"},
                                {"Complaint", Type::complained, "complaint", "complainedRecipients"},
                                {"Reject", Type::rejected, "reject", ""},
                                {"DeliveryDelay", Type::deferred, "deliveryDelay", "delayedRecipients"},
                                {"Open", Type::opened, "open", ""},
                                {"Click", Type::clicked, "click", ""},
                                {"Rendering Failure", Type::failed, "failure", ""},
                                {"Subscription", Type::unsubscribed, "subscription", ""}};

Meaning meaning_of(std::string_view word) {
    const auto found = std::ranges::find(meanings, word, &Meaning::word);
    return found == std::end(meanings) ? Meaning{} : *found;
}

void explain(MailEvent& event, HookFields particulars) {
    event.description = particulars.first({"reason", "errorMessage", "delayType", "complaintFeedbackType"});
    event.mta_response = particulars.in("smtpResponse").text();
    event.user_agent = particulars.in("userAgent").text();
    event.click_url = particulars.in("link").text(4'000);
    if (event.type == Type::rejected) event.reason = Reason::blocked;
    if (event.type == Type::failed) event.reason = Reason::other;
    if (event.type != Type::bounced) return;
    const std::string kind = particulars.in("bounceType").text(100);
    event.reason = Reason::bounced;
    event.soft = kind != "Permanent";
    if (!kind.empty()) event.native += '/' + kind;
    event.description = kind + ": " + particulars.in("bounceSubType").text(100);
}

// Tags of SES are pairs with a list of values each; the first one counts.
void take_mail_tags(MailEvent& event, HookFields tags) {
    if (tags.object() == nullptr) return;
    for (const auto& tag : *tags.object())
        take_metadata(event, {tag.key().data(), tag.key().size()}, HookFields(&tag.value()).at(0));
}

// Opens and clicks name nobody: they are of the mail's recipient if it has only one.
void fan_out(std::vector<MailEvent>& events, const MailEvent& event, HookFields recipients) {
    const bool of_somebody = event.type == Type::opened || event.type == Type::clicked;
    const std::size_t count = std::min(recipients.size(), most_recipients);
    if (count == 0 || (of_somebody && count > 1)) {
        events.push_back(event);
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        MailEvent& one = events.emplace_back(event);
        const HookFields recipient = recipients.at(i);
        one.recipient =
            recipient.object() == nullptr ? recipient.text() : recipient.in("emailAddress").text();
        const std::string answer = without_mta_type(recipient.in("diagnosticCode").text());
        if (!answer.empty()) one.mta_response = answer;
        if (i > 0) one.id += '/' + std::to_string(i);
    }
}

std::optional<MailEvent> read(HookFields fields, const SnsEnvelope& envelope,
                              std::vector<MailEvent>& events) {
    MailEvent event;
    event.native = fields.first({"eventType", "notificationType"});
    if (event.native.empty()) return std::nullopt;
    const Meaning meaning = meaning_of(event.native);
    event.type = meaning.type;
    event.id = line_of(envelope.message_id, 200);
    const HookFields mail = fields.in("mail");
    const HookFields particulars = fields.in(meaning.place);
    event.message_id = mail.in("messageId").text();
    event.at = particulars.in("timestamp").time();
    if (event.at == std::chrono::sys_seconds()) event.at = mail.in("timestamp").time();
    explain(event, particulars);
    take_mail_tags(event, mail.in("tags"));
    fan_out(events, event,
            meaning.recipients.empty() ? mail.in("destination") : particulars.in(meaning.recipients));
    return events.front();
}

class SesHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds now) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        const auto envelope = read_sns(request.body);
        if (!envelope) return Forged{400, envelope.error().text};
        return check_sns(*envelope, keys, now);
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        const auto envelope = read_sns(request.body);
        if (!envelope) return tl::unexpected(envelope.error());
        HookNews news;
        if (envelope->is_confirmation()) news.confirm = envelope->subscribe_url;
        if (envelope->type != "Notification" || envelope->message.starts_with(greeting)) return news;
        const auto event = read_piece(
            envelope->message, [&](HookFields fields) { return read(fields, *envelope, news.events); });
        for (auto& one : news.events) finish(one, envelope->message);
        if (!event) news.unreadable = 1;
        return news;
    }

  private:
    // What SNS says once a subscription is confirmed.
    static constexpr std::string_view greeting = "Successfully validated SNS topic";
};

}  // namespace

std::unique_ptr<Webhook> ses_hook() { return std::make_unique<SesHook>(); }

}  // namespace mailrota::providers
