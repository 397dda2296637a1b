#include "core/providers/hook_mailgun_form.h"

#include <algorithm>

#include "core/providers/hook_event.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using mail::MailEvent;
using Type = MailEvent::Type;
using Reason = MailEvent::Reason;

constexpr std::pair<std::string_view, Type> types[] = {
    {"delivered", Type::delivered},      {"dropped", Type::rejected}, {"bounced", Type::bounced},
    {"complained", Type::complained},    {"opened", Type::opened},    {"clicked", Type::clicked},
    {"unsubscribed", Type::unsubscribed}};

constexpr std::pair<std::string_view, Reason> reasons[] = {{"499", Reason::timed_out},
                                                           {"605", Reason::bounced},
                                                           {"606", Reason::unsubscribed},
                                                           {"607", Reason::spam}};

constexpr std::string_view signature_fields[] = {"timestamp", "token", "signature"};

// The form as a JSON object, so that it is read and kept as every other event is. Values that are long or no
// text (whole mails are among them) are left out.
json::object object_of(const FormFields& fields) {
    constexpr std::size_t longest_value = 4'000;
    json::object object;
    for (const auto& [name, value] : fields) {
        const bool last_counts = std::ranges::find(signature_fields, name) != std::end(signature_fields);
        if (value.size() > longest_value || (object.contains(line_of(name)) && !last_counts)) continue;
        object[line_of(name)] = line_of(value, longest_value);
    }
    return object;
}

std::optional<MailEvent> read(HookFields fields) {
    MailEvent event;
    event.native = fields.in("event").text(100);
    if (event.native.empty()) return std::nullopt;
    event.type = looked_up(types, event.native, Type::unknown);
    const std::string code = fields.in("code").text(20);
    const bool bounced = event.type == Type::bounced || code.starts_with('4') || code.starts_with('5');
    event.reason = looked_up(reasons, code, bounced ? Reason::bounced : Reason::other);
    event.id = fields.in("token").text();
    event.at = fields.in("timestamp").time();
    event.message_id = without_angles(fields.first({"Message-Id", "message-id"}));
    event.recipient = fields.in("recipient").text();
    event.description = fields.first({"description", "reason"});
    event.mta_response = fields.first({"error", "notification"});
    event.click_url = fields.in("url").text(4'000);
    event.user_agent = fields.in("user-agent").text();
    take_tags(event, fields.first({"tag"}).empty() ? fields.in("X-Mailgun-Tag") : fields.in("tag"));
    for (const std::string_view ours : {"mailrota_id", "mailrota-id"})
        if (!fields.in(ours).text().empty()) take_metadata(event, ours, fields.in(ours));
    return event;
}

}  // namespace

std::string_view last_field(const FormFields& fields, std::string_view name) {
    const auto found =
        std::find_if(fields.rbegin(), fields.rend(), [&](const auto& field) { return field.first == name; });
    return found == fields.rend() ? std::string_view() : std::string_view(found->second);
}

std::string without_angles(std::string id) {
    if (id.size() < 2 || id.front() != '<' || id.back() != '>') return id;
    return id.substr(1, id.size() - 2);
}

Result<HookNews> read_mailgun_form(std::string_view body) {
    return read_single(json::serialize(object_of(form_fields(body))), read);
}

}  // namespace mailrota::providers
