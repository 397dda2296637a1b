#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"

// Postmark's webhooks: one JSON object each, not signed; a user and a password are in the URL that is
// configured there. 403 would stop its repeats, so that it is never answered.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

struct Meaning {
    Type type = Type::unknown;
    Reason reason = Reason::none;
    bool soft = false;
};

constexpr std::pair<std::string_view, Meaning> records[] = {
    {"Delivery", {Type::delivered}},
    {"Open", {Type::opened}},
    {"Click", {Type::clicked}},
    {"SpamComplaint", {Type::complained}},
    {"Bounce", {Type::bounced, Reason::other, true}},  // of a Type that is not known
    {"SubscriptionChange", {Type::unsubscribed}}};

// Of Bounce by its Type, of SubscriptionChange by its SuppressionReason.
constexpr std::pair<std::string_view, Meaning> meanings[] = {
    {"HardBounce", {Type::bounced, Reason::bounced}},
    {"SoftBounce", {Type::bounced, Reason::bounced, true}},
    {"Transient", {Type::deferred}},
    {"DnsError", {Type::deferred}},
    {"OpenRelayTest", {Type::deferred}},
    {"SpamNotification", {Type::complained}},
    {"SpamComplaint", {Type::complained}},
    {"AutoResponder", {Type::autoresponded}},
    {"AddressChange", {Type::autoresponded}},
    {"ChallengeVerification", {Type::autoresponded}},
    {"BadEmailAddress", {Type::rejected, Reason::invalid}},
    {"Blocked", {Type::rejected, Reason::blocked}},
    {"ManuallyDeactivated", {Type::rejected, Reason::blocked}},
    {"DMARCPolicy", {Type::rejected, Reason::blocked}},
    {"Unconfirmed", {Type::rejected, Reason::other}},
    {"VirusNotification", {Type::bounced, Reason::other, true}},
    {"SMTPApiError", {Type::failed, Reason::other}},
    {"TemplateRenderingFailed", {Type::failed, Reason::other}},
    {"Unsubscribe", {Type::unsubscribed}},
    {"ManualSuppression", {Type::unsubscribed}},
    {"Subscribe", {Type::subscribed}},
    {"InboundError", {Type::unknown}},
    {"Unknown", {Type::unknown}}};

void explain(MailEvent& event, HookFields fields) {
    const std::string record = event.native;
    auto meaning = looked_up(records, record, Meaning());
    const bool changed = record == "SubscriptionChange";
    const std::string word = fields.in(changed ? "SuppressionReason" : "Type").text(100);
    if (record == "Bounce" || record == "SpamComplaint") meaning = looked_up(meanings, word, meaning);
    if (changed)
        meaning = fields.in("SuppressSending").is(false) ? Meaning{Type::subscribed}
                                                         : looked_up(meanings, word, meaning);
    if (!word.empty()) event.native += '/' + word;
    event.type = meaning.type;
    event.reason = meaning.reason;
    event.soft = meaning.soft;
}

// Only bounces and complaints have a number of their own.
std::string id_of(HookFields fields, const MailEvent& event, const std::string& time) {
    const std::string record = fields.in("RecordType").text(100);
    if (const auto number = fields.in("ID").text(100); !number.empty()) return record + '/' + number;
    return made_id({"postmark", event.message_id, record, event.recipient, time, event.click_url});
}

std::optional<MailEvent> read(HookFields fields) {
    MailEvent event;
    event.native = fields.in("RecordType").text(100);
    if (event.native.empty()) return std::nullopt;
    explain(event, fields);
    event.message_id = fields.in("MessageID").text();
    event.recipient = fields.first({"Email", "Recipient"});
    event.description = fields.in("Description").text();
    event.mta_response = fields.in("Details").text();
    event.click_url = fields.in("OriginalLink").text(4'000);
    event.user_agent = fields.in("UserAgent").text();
    const HookFields times[] = {fields.in("DeliveredAt"), fields.in("BouncedAt"), fields.in("ReceivedAt"),
                                fields.in("ChangedAt")};
    for (const HookFields& time : times)
        if (event.at == std::chrono::sys_seconds()) event.at = time.time();
    event.id = id_of(fields, event, fields.first({"DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt"}));
    take_tags(event, fields.in("Tag"));
    take_metadata(event, fields.in("Metadata"));
    return event;
}

class PostmarkHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        if (keys.users.empty()) return Forged{401, "no user is configured"};
        return Genuine{};
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        return read_single(request.body, read);
    }
};

}  // namespace

std::unique_ptr<Webhook> postmark_hook() { return std::make_unique<PostmarkHook>(); }

}  // namespace mailrota::providers
