#include <boost/json.hpp>

#include "core/mail/text_encoding.h"
#include "core/providers/hook_fields.h"
#include "core/providers/hook_pieces.h"
#include "core/providers/hook_time.h"
#include "core/providers/webhook.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using mail::MailEvent;

std::string well_formed(const std::string& text) {
    return mail::is_utf8(text) ? text : mail::to_utf8("utf-8", text);
}

bool is_json(std::string_view text) {
    boost::system::error_code broken;
    json::parse(text, broken);
    return !broken && text.find_first_of("\r\n") == std::string_view::npos;
}

void put_text(json::object& object, std::string_view key, const std::string& text) {
    if (!text.empty()) object[key] = well_formed(text);
}

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::vector<std::string> tags_of(const json::object& object) {
    std::vector<std::string> tags;
    const json::value* value = object.if_contains("tags");
    if (value != nullptr && value->is_array())
        for (const json::value& tag : value->get_array())
            if (const json::string* text = tag.if_string()) tags.emplace_back(text->data(), text->size());
    return tags;
}

std::map<std::string, std::string> metadata_of(const json::object& object) {
    std::map<std::string, std::string> metadata;
    const json::value* value = object.if_contains("metadata");
    if (value != nullptr && value->is_object())
        for (const auto& member : value->get_object())
            if (const json::string* text = member.value().if_string())
                metadata.emplace(member.key(), std::string(text->data(), text->size()));
    return metadata;
}

// The text of what was embedded as it came; JSON values are read back byte by byte.
std::string raw_of(std::string_view text) {
    const auto members = JsonMembers::of(text);
    return members ? std::string(members->value("esp_event")) : std::string();
}

json::object without_raw(const MailEvent& event) {
    json::object object;
    object["event_type"] = mail::to_string(event.type);
    object["timestamp"] = time_text(event.at);
    object["event_id"] = well_formed(event.id);
    put_text(object, "attempt", event.attempt);
    put_text(object, "message_id", event.message_id);
    put_text(object, "recipient", event.recipient);
    if (event.reason != MailEvent::Reason::none) object["reject_reason"] = mail::to_string(event.reason);
    if (event.soft) object["soft"] = true;
    put_text(object, "description", event.description);
    put_text(object, "mta_response", event.mta_response);
    put_text(object, "click_url", event.click_url);
    put_text(object, "user_agent", event.user_agent);
    put_text(object, "native", event.native);
    auto& tags = object["tags"].emplace_array();
    for (const auto& tag : event.tags) tags.emplace_back(well_formed(tag));
    auto& metadata = object["metadata"].emplace_object();
    for (const auto& [key, value] : event.metadata) metadata[well_formed(key)] = well_formed(value);
    return object;
}

}  // namespace

std::string to_json(const MailEvent& event) {
    std::string text = json::serialize(without_raw(event));
    if (event.raw.empty()) return text;
    text.pop_back();
    text += ",\"esp_event\":";
    text += is_json(event.raw) ? event.raw : json::serialize(json::string(well_formed(event.raw)));
    text += '}';
    return text;
}

Result<MailEvent> read_event(std::string_view text) {
    boost::system::error_code broken;
    const json::value value = json::parse(text, broken);
    if (broken || !value.is_object()) return invalid("the event is no JSON object");
    const json::object& object = value.get_object();
    const auto type = mail::parse_event_type(text_of(object, "event_type"));
    if (!type) return invalid("the event's \"event_type\" is none");
    const auto reason_word = text_of(object, "reject_reason");
    const auto reason = mail::parse_event_reason(reason_word.empty() ? "none" : reason_word);
    if (!reason) return invalid("the event's \"reject_reason\" is none");
    const auto at = read_time(text_of(object, "timestamp"));
    if (!at) return invalid("the event's \"timestamp\" is no time");
    MailEvent event;
    event.type = *type;
    event.reason = *reason;
    event.soft = HookFields(&value).in("soft").is(true);
    event.id = text_of(object, "event_id");
    if (event.id.empty()) return invalid("the event has no \"event_id\"");
    event.at = *at;
    event.attempt = text_of(object, "attempt");
    event.message_id = text_of(object, "message_id");
    event.recipient = text_of(object, "recipient");
    event.description = text_of(object, "description");
    event.mta_response = text_of(object, "mta_response");
    event.click_url = text_of(object, "click_url");
    event.user_agent = text_of(object, "user_agent");
    event.native = text_of(object, "native");
    event.tags = tags_of(object);
    event.metadata = metadata_of(object);
    event.raw = raw_of(text);
    return event;
}

}  // namespace mailrota::providers
