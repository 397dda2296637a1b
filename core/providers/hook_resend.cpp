#include <algorithm>

#include "core/providers/base64.h"
#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"
#include "core/providers/hook_time.h"
#include "core/providers/signature.h"

// Resend's webhooks: one JSON object each, signed as Svix and the Standard Webhooks do: HMAC-SHA-256 over id,
// time and raw body. Every repeat is signed anew, so that the time may be tight.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::chrono::minutes tolerance{5};
constexpr std::size_t most_signatures = 20;

constexpr std::pair<std::string_view, Type> types[] = {
    {"email.scheduled", Type::queued},    {"email.sent", Type::sent},
    {"email.delivered", Type::delivered}, {"email.delivery_delayed", Type::deferred},
    {"email.bounced", Type::bounced},     {"email.complained", Type::complained},
    {"email.opened", Type::opened},       {"email.clicked", Type::clicked},
    {"email.failed", Type::failed},       {"email.suppressed", Type::rejected}};

struct Names {
    std::string_view id, time, signature;
};
constexpr Names svix{"svix-id", "svix-timestamp", "svix-signature"};
constexpr Names standard{"webhook-id", "webhook-timestamp", "webhook-signature"};

std::optional<std::string> key_of(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (secret.starts_with(prefix)) secret.remove_prefix(prefix.size());
    return from_base64(secret);
}

// Whether one of the signatures, parted by blanks, is "v1," and `wanted`.
bool has_signature(std::string_view signatures, const std::string& wanted) {
    bool found = false;
    for (std::size_t i = 0; i < most_signatures && !signatures.empty(); ++i) {
        const auto one = signatures.substr(0, signatures.find(' '));
        signatures.remove_prefix(std::min(signatures.size(), one.size() + 1));
        found = same_text(one, wanted) || found;
    }
    return found;
}

bool fits_a_key(const HookRequest& request, const HookKeys& keys, const Names& names) {
    std::string text(request.header(names.id));
    text.append(1, '.').append(request.header(names.time)).append(1, '.').append(request.body);
    bool fits = false;
    for (const auto& secret : keys.secrets)
        if (const auto key = key_of(secret))
            fits = has_signature(request.header(names.signature),
                                 "v1," + base64(hmac(Hash::sha256, *key, text))) ||
                   fits;
    return fits;
}

const Names& names_in(const HookRequest& request) {
    return request.header(svix.id).empty() ? standard : svix;
}

// Its words on a recipient it does not send to; an address that bounced unless they say otherwise.
Reason suppressed_by(const std::string& words) {
    if (words.find("ompl") != std::string::npos) return Reason::spam;
    if (words.find("nsub") != std::string::npos) return Reason::unsubscribed;
    return Reason::bounced;
}

void explain(MailEvent& event, HookFields data) {
    const HookFields bounce = data.in("bounce");
    if (event.type == Type::bounced) {
        const std::string kind = bounce.in("type").text(100);
        event.reason = Reason::bounced;
        event.soft = !kind.empty() && kind != "Permanent";
        event.description = bounce.in("message").text();
        if (!kind.empty()) event.native += '/' + kind;
    } else if (event.type == Type::rejected) {
        event.description = data.in("suppressed").first({"message", "reason"});
        event.reason = suppressed_by(data.in("suppressed").in("type").text() + event.description);
    } else if (event.type == Type::failed) {
        event.reason = Reason::other;
        event.description = data.in("failed").in("reason").text();
    }
}

// Tags are told as {"name": "value"} or as [{"name": …, "value": …}]; both are pairs, as metadata is.
void take_pairs(MailEvent& event, HookFields tags) {
    take_metadata(event, tags);
    for (std::size_t i = 0; i < std::min<std::size_t>(tags.size(), 100); ++i)
        take_metadata(event, tags.at(i).in("name").text(255), tags.at(i).in("value"));
}

std::optional<MailEvent> read(HookFields fields, std::string_view id) {
    MailEvent event;
    event.native = fields.in("type").text(100);
    if (event.native.empty()) return std::nullopt;
    event.type = looked_up(types, event.native, Type::unknown);
    event.id = line_of(id, 500);
    event.at = fields.in("created_at").time();
    const HookFields data = fields.in("data");
    event.message_id = data.in("email_id").text();
    // Of several recipients it is not said which one is meant.
    if (data.in("to").size() == 1) event.recipient = data.in("to").at(0).text();
    if (event.recipient.empty()) event.recipient = data.in("to").text();
    event.click_url = data.in("click").in("link").text(4'000);
    event.user_agent = data.in(event.type == Type::opened ? "open" : "click").in("userAgent").text();
    explain(event, data);
    take_pairs(event, data.in("tags"));
    return event;
}

class ResendHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds now) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        const Names& names = names_in(request);
        const std::string_view id = request.header(names.id);
        if (id.empty() || request.header(names.signature).empty()) return Forged{401, "not signed"};
        if (!fits_a_key(request, keys, names)) return Forged{401, "the signature fits no key"};
        if (is_stale(read_time(request.header(names.time)), now, tolerance, tolerance))
            return Forged{401, "the signature is of another time"};
        return Genuine{line_of(id, 500), 2 * tolerance, false};
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        const std::string_view id = request.header(names_in(request).id);
        return read_single(request.body, [id](HookFields fields) { return read(fields, id); });
    }
};

}  // namespace

std::unique_ptr<Webhook> resend_hook() { return std::make_unique<ResendHook>(); }

}  // namespace mailrota::providers
