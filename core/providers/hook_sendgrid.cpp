#include <algorithm>

#include "core/policy/fold.h"
#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"
#include "core/providers/hook_time.h"
#include "core/providers/signature.h"

// SendGrid's Event Webhook: a JSON array, signed with ECDSA (P-256, SHA-256) over timestamp and raw body.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::pair<std::string_view, Type> types[] = {{"processed", Type::queued},
                                                       {"deferred", Type::deferred},
                                                       {"delivered", Type::delivered},
                                                       {"bounce", Type::bounced},
                                                       {"dropped", Type::rejected},
                                                       {"open", Type::opened},
                                                       {"click", Type::clicked},
                                                       {"spamreport", Type::complained},
                                                       {"unsubscribe", Type::unsubscribed},
                                                       {"group_unsubscribe", Type::unsubscribed},
                                                       {"group_resubscribe", Type::subscribed}};

// Of `dropped`, in small letters.
constexpr std::pair<std::string_view, Reason> reasons[] = {{"invalid", Reason::invalid},
                                                           {"unsubscribed address", Reason::unsubscribed},
                                                           {"bounced address", Reason::bounced},
                                                           {"bounce", Reason::bounced},
                                                           {"spam reporting address", Reason::spam},
                                                           {"spam content", Reason::blocked},
                                                           {"expired", Reason::timed_out}};

// The members of SendGrid's own; all others are custom arguments of the mail, which it mixes with them.
constexpr std::string_view own_members[] = {"asm_group_id",
                                            "attempt",
                                            "bounce_classification",
                                            "category",
                                            "cert_err",
                                            "email",
                                            "event",
                                            "ip",
                                            "marketing_campaign_id",
                                            "marketing_campaign_name",
                                            "newsletter",
                                            "pool",
                                            "post_type",
                                            "reason",
                                            "response",
                                            "send_at",
                                            "sg_content_type",
                                            "sg_event_id",
                                            "sg_machine_open",
                                            "sg_message_id",
                                            "sg_template_id",
                                            "sg_template_name",
                                            "smtp-id",
                                            "status",
                                            "timestamp",
                                            "tls",
                                            "type",
                                            "url",
                                            "url_offset",
                                            "useragent"};

bool is_own(std::string_view key) {
    return std::find(std::begin(own_members), std::end(own_members), key) != std::end(own_members);
}

// The answer to a send names the part before ".filter…" or ".recvd…", which is the machine's.
std::string sent_id(std::string id) {
    for (const std::string_view machine : {".filter", ".recvd"})
        if (const auto at = id.find(machine); at != std::string::npos) id.resize(at);
    return id;
}

Reason drop_reason(HookFields fields) {
    const auto by_reason = looked_up(reasons, policy::folded(fields.in("reason").text()), Reason::other);
    if (by_reason != Reason::other) return by_reason;
    return looked_up(reasons, policy::folded(fields.in("type").text()), Reason::other);
}

void explain(MailEvent& event, HookFields fields) {
    event.mta_response = fields.in("response").text();
    if (event.type == Type::bounced) {
        event.soft = fields.in("type").text() == "blocked";
        event.reason = event.soft ? Reason::blocked : Reason::bounced;
        event.mta_response = fields.first({"reason", "response"});
        event.description = fields.in("bounce_classification").text();
        return;
    }
    if (event.type == Type::rejected) event.reason = drop_reason(fields);
    if (event.type == Type::deferred && event.mta_response.empty())
        event.mta_response = fields.in("reason").text();
    else
        event.description = fields.in("reason").text();
}

std::optional<MailEvent> read(HookFields fields) {
    MailEvent event;
    event.native = fields.in("event").text(100);
    if (event.native.empty()) return std::nullopt;
    event.type = looked_up(types, event.native, Type::unknown);
    event.id = fields.in("sg_event_id").text();
    event.at = fields.in("timestamp").time();
    event.message_id = sent_id(fields.in("sg_message_id").text());
    event.recipient = fields.in("email").text();
    event.click_url = fields.in("url").text(4'000);
    event.user_agent = fields.in("useragent").text();
    explain(event, fields);
    take_tags(event, fields.in("category"));
    for (const auto& member : *fields.object()) {
        const std::string_view key(member.key().data(), member.key().size());
        if (!is_own(key)) take_metadata(event, key, HookFields(&member.value()));
    }
    return event;
}

class SendgridHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds now) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        const auto signature = from_base64(request.header("X-Twilio-Email-Event-Webhook-Signature"));
        const std::string_view made = request.header("X-Twilio-Email-Event-Webhook-Timestamp");
        if (!signature || made.empty()) return Forged{401, "not signed"};
        for (const auto& secret : keys.secrets) {
            const auto key = from_base64(secret);
            if (!key || !signed_by_curve(*key, *signature, {made, request.body})) continue;
            if (is_stale(read_time(made), now)) return Forged{401, "the signature is of another time"};
            return Genuine{};
        }
        return Forged{401, "the signature fits no key"};
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        return read_batch(request.body, read);
    }
};

}  // namespace

std::unique_ptr<Webhook> sendgrid_hook() { return std::make_unique<SendgridHook>(); }

}  // namespace mailrota::providers
