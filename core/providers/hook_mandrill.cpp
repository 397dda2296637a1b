#include <algorithm>

#include "core/providers/base64.h"
#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"
#include "core/providers/hook_pieces.h"
#include "core/providers/signature.h"

// Mandrill's webhooks: a form whose field mandrill_events is a JSON array, signed with HMAC-SHA-1 over the
// URL as it is configured there and the form's fields.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::string_view probe_key = "test-webhook";  // signs the post that tries a new webhook

constexpr std::pair<std::string_view, Type> types[] = {
    {"send", Type::sent},           {"delivered", Type::delivered}, {"deferral", Type::deferred},
    {"hard_bounce", Type::bounced}, {"soft_bounce", Type::bounced},  // final too: Mandrill has given up
    {"reject", Type::rejected},     {"open", Type::opened},         {"click", Type::clicked},
    {"spam", Type::complained},     {"unsub", Type::unsubscribed}};

constexpr std::pair<std::string_view, Reason> reasons[] = {
    {"hard-bounce", Reason::bounced}, {"soft-bounce", Reason::bounced}, {"spam", Reason::spam},
    {"unsub", Reason::unsubscribed},  {"invalid", Reason::invalid},     {"custom", Reason::blocked},
    {"rule", Reason::blocked}};

// The fields that are signed, by name.
std::string signed_text(const std::string& url, FormFields fields) {
    std::ranges::stable_sort(fields, {}, [](const auto& field) -> const std::string& { return field.first; });
    std::string text = url;
    for (const auto& [name, value] : fields) text.append(name).append(value);
    return text;
}

// Why it was not sent: the word that the event has, wherever it has it.
std::string reject_word(HookFields fields) {
    const HookFields message = fields.in("msg");
    for (const HookFields& place : {fields.in("reject"), message.in("reject")}) {
        if (auto word = place.first({"reason"}); !word.empty()) return word;
        if (auto word = place.text(); !word.empty()) return word;
    }
    return message.first({"reject_reason", "bounce_description"});
}

void explain(MailEvent& event, HookFields fields) {
    const HookFields message = fields.in("msg");
    event.description = message.in("bounce_description").text();
    event.mta_response = message.in("diag").text();
    if (event.mta_response.empty()) event.mta_response = message.in("smtp_events").last().in("diag").text();
    event.mta_response = without_mta_type(event.mta_response);
    if (event.type == Type::bounced) {
        event.reason = Reason::bounced;
        event.soft = event.native == "soft_bounce";
    }
    if (event.type != Type::rejected) return;
    const std::string word = reject_word(fields);
    event.reason = looked_up(reasons, word, Reason::other);
    if (event.description.empty()) event.description = fields.in("reject").in("detail").text();
    if (event.description.empty()) event.description = word;
}

std::optional<MailEvent> read(HookFields fields) {
    MailEvent event;
    event.native = fields.first({"event", "type"});
    if (event.native.empty()) return std::nullopt;
    event.type = looked_up(types, event.native, Type::unknown);
    const HookFields message = fields.in("msg");
    event.message_id = message.in("_id").text();
    if (event.message_id.empty()) event.message_id = fields.in("_id").text();
    event.recipient = message.in("email").text();
    if (event.recipient.empty()) event.recipient = fields.in("reject").in("email").text();
    event.at = fields.in("ts").time();
    event.click_url = fields.in("url").text(4'000);
    event.user_agent = fields.in("user_agent").text();
    explain(event, fields);
    if (!event.message_id.empty())
        event.id = made_id({"mandrill", event.message_id, event.native, fields.in("ts").text(),
                            event.recipient, event.click_url});
    take_tags(event, message.in("tags"));
    take_metadata(event, message.in("metadata"));
    return event;
}

class MandrillHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        const std::string_view signature = request.header("X-Mandrill-Signature");
        if (signature.empty()) return Forged{401, "not signed"};
        if (keys.url.empty()) return Forged{401, "no URL is configured"};
        const FormFields fields = form_fields(request.body);
        const std::string text = signed_text(keys.url, fields);
        const auto signs = [&](std::string_view key) {
            return same_text(base64(hmac(Hash::sha1, key, text)), signature);
        };
        bool fits = false;
        for (const auto& secret : keys.secrets) fits = signs(secret) || fits;
        if (fits) return Genuine{};
        if (fields.size() == 1 && form_field(fields, "mandrill_events") == "[]" && signs(probe_key))
            return Genuine{{}, {}, true};
        return Forged{401, "the signature fits no key"};
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        return read_batch(form_field(form_fields(request.body), "mandrill_events"), read);
    }
};

}  // namespace

std::unique_ptr<Webhook> mandrill_hook() { return std::make_unique<MandrillHook>(); }

}  // namespace mailrota::providers
