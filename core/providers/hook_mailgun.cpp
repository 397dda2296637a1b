#include "core/mail/digest.h"
#include "core/policy/fold.h"
#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"
#include "core/providers/hook_mailgun_form.h"
#include "core/providers/hook_pieces.h"
#include "core/providers/hook_time.h"
#include "core/providers/signature.h"

// Mailgun's webhooks: {"signature":{…},"event-data":{…}}, or a form from domains that were set up before
// 2018. HMAC-SHA-256 over timestamp and token only: any body fits a captured signature, so that a token
// counts once. 406 would make Mailgun give up, so that it is never answered.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

// Mailgun repeats for eight hours.
constexpr std::chrono::hours oldest_token{12};
constexpr std::chrono::hours token_life{13};  // longer than a token is not stale

constexpr std::pair<std::string_view, Type> types[] = {
    {"accepted", Type::queued},           {"rejected", Type::rejected},
    {"delivered", Type::delivered},       {"opened", Type::opened},
    {"clicked", Type::clicked},           {"complained", Type::complained},
    {"unsubscribed", Type::unsubscribed}, {"failed", Type::bounced}};

// Of a recipient on Mailgun's own lists, to whom it did not try to send.
constexpr std::pair<std::string_view, Reason> suppressions[] = {
    {"605", Reason::bounced},
    {"606", Reason::unsubscribed},
    {"607", Reason::spam},
    {"suppress-bounce", Reason::bounced},
    {"suppress-unsubscribe", Reason::unsubscribed},
    {"suppress-complaint", Reason::spam}};

struct Signed {
    std::string time, token, signature;
};

std::optional<JsonMembers> object_member(std::string_view body, std::string_view key) {
    const auto members = JsonMembers::of(body);
    return members ? JsonMembers::of(members->value(key)) : std::nullopt;
}

bool is_form(std::string_view body) {
    const auto begin = body.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos || body[begin] != '{';
}

std::optional<Signed> signed_part(std::string_view body) {
    if (is_form(body)) {
        const FormFields fields = form_fields(body);
        return Signed{std::string(last_field(fields, "timestamp")), std::string(last_field(fields, "token")),
                      std::string(last_field(fields, "signature"))};
    }
    const auto members = object_member(body, "signature");
    if (!members) return std::nullopt;
    const std::string time = members->text("timestamp");
    return Signed{time.empty() ? std::string(members->value("timestamp")) : time, members->text("token"),
                  members->text("signature")};
}

bool fits_a_key(const Signed& given, const HookKeys& keys) {
    bool fits = false;
    for (const auto& secret : keys.secrets) {
        const std::string mac = hmac(Hash::sha256, secret, given.time + given.token);
        const std::string wanted =
            mail::to_hex({reinterpret_cast<const std::uint8_t*>(mac.data()), mac.size()});
        fits = same_text(wanted, policy::folded(given.signature)) || fits;
    }
    return fits;
}

// "550", "5.1.1" and "User not found" as one reply, whichever of them the text has already.
std::string reply_of(HookFields status) {
    std::string reply = status.in("message").text();
    const std::string code = status.in("code").text(3);
    const std::string enhanced = status.in("enhanced-code").text(11);
    if (reply.empty() || code < "200" || code > "599" || reply.starts_with(code)) return reply;
    if (!enhanced.empty() && !reply.starts_with(enhanced)) reply = enhanced + ' ' + reply;
    return code + ' ' + reply;
}

// Only `failed` says that it is temporary, or that it was not tried.
void explain_failure(MailEvent& event, HookFields data) {
    const std::string severity = data.in("severity").text(100);
    const std::string word = data.in("reason").text(100);
    if (!severity.empty()) event.native += '/' + severity;
    if (severity == "temporary") {
        event.type = Type::deferred;
        return;
    }
    const std::string code = data.in("delivery-status").in("code").text(10);
    event.reason = looked_up(suppressions, code, looked_up(suppressions, word, Reason::none));
    const bool suppressed = event.reason != Reason::none || word.starts_with("suppress-");
    if (suppressed) {
        event.type = Type::rejected;
        if (event.reason == Reason::none) event.reason = Reason::other;
        return;
    }
    event.soft = word == "espblock";
    event.reason = event.soft ? Reason::blocked : Reason::bounced;
}

// What was rejected may name its recipient only in To; of several it is not said which one is meant.
std::string recipient_of(HookFields data) {
    if (auto recipient = data.in("recipient").text(); !recipient.empty()) return recipient;
    std::string to = data.in("message").in("headers").in("to").text();
    if (to.find(',') != std::string::npos) return {};
    const auto open = to.rfind('<');
    if (open == std::string::npos) return to;
    return to.substr(open + 1, to.find('>', open) - open - 1);
}

std::optional<MailEvent> read(HookFields data, const std::string& token) {
    MailEvent event;
    event.native = data.in("event").text(100);
    if (event.native.empty()) return std::nullopt;
    event.type = looked_up(types, event.native, Type::unknown);
    event.id = line_of(token);
    event.at = data.in("timestamp").time();
    event.message_id = without_angles(data.in("message").in("headers").in("message-id").text());
    event.recipient = recipient_of(data);
    const HookFields status = data.in("delivery-status");
    event.mta_response = reply_of(status);
    event.description = status.in("description").text();
    if (event.type == Type::rejected) {
        event.reason = Reason::other;
        event.description = data.in("reject").first({"reason", "description"});
    }
    if (event.native == "failed") explain_failure(event, data);
    event.click_url = data.in("url").text(4'000);
    event.user_agent = data.in("client-info").in("user-agent").text();
    take_tags(event, data.in("tags"));
    take_metadata(event, data.in("user-variables"));
    return event;
}

class MailgunHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds now) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        const auto given = signed_part(request.body);
        if (!given || given->token.empty() || given->signature.empty()) return Forged{401, "not signed"};
        if (!fits_a_key(*given, keys)) return Forged{401, "the signature fits no key"};
        if (is_stale(read_time(given->time), now, oldest_token))
            return Forged{401, "the signature is of another time"};
        return Genuine{line_of(given->token), token_life, false};
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        if (is_form(request.body)) return read_mailgun_form(request.body);
        const auto members = JsonMembers::of(request.body);
        if (!members) return invalid("the body is no JSON object");
        const auto given = signed_part(request.body);
        const std::string token = given ? given->token : std::string();
        return read_single(members->value("event-data"), [&](HookFields data) { return read(data, token); });
    }
};

}  // namespace

std::unique_ptr<Webhook> mailgun_hook() { return std::make_unique<MailgunHook>(); }

}  // namespace mailrota::providers
