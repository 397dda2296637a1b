#include <algorithm>

#include "core/providers/hook_check.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_kinds.h"
#include "core/providers/hook_pieces.h"

// SparkPost's webhooks: a JSON array of {"msys":{class:{…}}}, not signed; basic authentication is set there.
namespace mailrota::providers {
namespace {

using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::pair<std::string_view, Type> types[] = {{"injection", Type::queued},
                                                       {"delivery", Type::delivered},
                                                       {"bounce", Type::bounced},
                                                       {"out_of_band", Type::bounced},
                                                       {"delay", Type::deferred},
                                                       {"policy_rejection", Type::rejected},
                                                       {"generation_rejection", Type::rejected},
                                                       {"generation_failure", Type::failed},
                                                       {"spam_complaint", Type::complained},
                                                       {"open", Type::opened},
                                                       {"initial_open", Type::opened},
                                                       {"amp_open", Type::opened},
                                                       {"amp_initial_open", Type::opened},
                                                       {"click", Type::clicked},
                                                       {"amp_click", Type::clicked},
                                                       {"list_unsubscribe", Type::unsubscribed},
                                                       {"link_unsubscribe", Type::unsubscribed}};

// What SparkPost makes of the receiver's words. Some are no bounces at all.
struct BounceClass {
    Reason reason = Reason::other;
    bool soft = true;
    Type type = Type::bounced;
};
constexpr std::pair<std::string_view, BounceClass> classes[] = {
    {"10", {Reason::invalid, false}},
    {"20", {Reason::bounced}},
    {"21", {Reason::bounced}},
    {"22", {Reason::bounced}},
    {"23", {Reason::bounced}},
    {"24", {Reason::timed_out}},
    {"25", {Reason::blocked}},
    {"30", {Reason::bounced, false}},
    {"40", {Reason::bounced}},
    {"50", {Reason::blocked}},
    {"51", {Reason::spam}},
    {"52", {Reason::spam}},
    {"54", {Reason::blocked}},
    {"60", {Reason::none, false, Type::autoresponded}},
    {"70", {Reason::bounced}},
    {"80", {Reason::none, false, Type::subscribed}},
    {"90", {Reason::none, false, Type::unsubscribed}},
    {"100", {Reason::none, false, Type::autoresponded}}};

void explain(MailEvent& event, HookFields fields) {
    event.type = looked_up(types, event.native, Type::unknown);
    const auto bounce = looked_up(classes, fields.in("bounce_class").text(10), BounceClass());
    event.reason = bounce.reason;
    if (event.type == Type::failed) event.reason = Reason::other;
    if (event.type != Type::bounced) return;
    event.type = bounce.type;
    event.soft = bounce.soft;
}

std::optional<MailEvent> read(HookFields element) {
    const auto* classes_of_it = element.in("msys").object();
    if (classes_of_it == nullptr || classes_of_it->empty()) return std::nullopt;
    const HookFields fields(&classes_of_it->begin()->value());
    MailEvent event;
    event.native = fields.in("type").text(100);
    if (event.native.empty()) return std::nullopt;
    explain(event, fields);
    event.id = fields.in("event_id").text();
    event.at = fields.in("timestamp").time();
    event.message_id = fields.in("transmission_id").text();
    event.recipient = fields.first({"raw_rcpt_to", "rcpt_to"});
    event.mta_response = fields.first({"raw_reason", "reason"});
    event.description = fields.in("reason").text();
    if (event.description == event.mta_response) event.description.clear();
    event.click_url = fields.in("target_link_url").text(4'000);
    event.user_agent = fields.in("user_agent").text();
    take_tags(event, fields.in("rcpt_tags"));
    take_tags(event, fields.in("campaign_id"));
    take_metadata(event, fields.in("metadata"));
    take_metadata(event, fields.in("rcpt_meta"));
    return event;
}

// A post without any event, by which SparkPost tries the address.
bool is_ping(std::string_view body) {
    constexpr std::size_t longest_ping = 256;
    const auto elements = body.size() <= longest_ping ? array_elements(body) : std::nullopt;
    return elements && std::ranges::all_of(elements->texts, [](std::string_view element) {
               const auto members = JsonMembers::of(element);
               const auto classes_of_it = members ? JsonMembers::of(members->value("msys")) : std::nullopt;
               return classes_of_it && classes_of_it->empty();
           });
}

class SparkpostHook final : public Webhook {
  public:
    Verdict verify(const HookRequest& request, const HookKeys& keys,
                   std::chrono::sys_seconds) const override {
        if (const auto early = check_method_and_user(request, keys)) return *early;
        if (keys.users.empty()) return Forged{401, "no user is configured"};
        return Genuine{{}, {}, is_ping(request.body)};
    }

    Result<HookNews> parse(const HookRequest& request) const override {
        return read_batch(request.body, read);
    }
};

}  // namespace

std::unique_ptr<Webhook> sparkpost_hook() { return std::make_unique<SparkpostHook>(); }

}  // namespace mailrota::providers
