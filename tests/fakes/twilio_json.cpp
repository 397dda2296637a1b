#include "tests/fakes/twilio_json.h"

#include "tests/fakes/message_play.h"
#include "tests/fakes/twilio_signature.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

json::value date_or_null(const std::optional<Moment>& at) {
    if (!at) return nullptr;
    return json::value(mail_date(*at));
}
json::value text_or_null(const std::string& text) {
    if (text.empty()) return nullptr;
    return json::value(text);
}

std::string resource_path(const PhoneExchange& exchange, const std::string& rest) {
    return "/2010-04-01/Accounts/" + exchange.account().sid + "/" + rest;
}

}  // namespace

std::string mail_date(Moment at) {
    return plain_date(std::chrono::floor<std::chrono::seconds>(at)) + " +0000";
}

json::object call_json(const PhoneExchange& exchange, const PhoneCall& call) {
    const auto path = resource_path(exchange, "Calls/" + call.sid);
    return {{"sid", call.sid},
            {"account_sid", exchange.account().sid},
            {"parent_call_sid", nullptr},
            {"phone_number_sid", nullptr},
            {"to", call.to},
            {"to_formatted", call.to},
            {"from", call.from},
            {"from_formatted", call.from},
            {"status", call.status},
            {"direction", "outbound-api"},
            {"answered_by", text_or_null(call.answered_by)},
            {"api_version", "2010-04-01"},
            {"caller_name", nullptr},
            {"forwarded_from", nullptr},
            {"group_sid", nullptr},
            {"trunk_sid", ""},
            {"date_created", mail_date(call.created)},
            {"date_updated", mail_date(call.updated)},
            {"start_time", date_or_null(call.started)},
            {"end_time", date_or_null(call.ended)},
            {"duration", text_or_null(call.duration > 0 ? std::to_string(call.duration) : "")},
            {"queue_time", std::to_string(call.queue_time)},
            {"price", nullptr},
            {"price_unit", "USD"},
            {"uri", path + ".json"},
            {"subresource_uris",
             {{"events", path + "/Events.json"}, {"notifications", path + "/Notifications.json"}}}};
}

json::object message_json(const PhoneExchange& exchange, const PhoneMessage& message) {
    const auto path = resource_path(exchange, "Messages/" + message.sid);
    const bool no_error = message.error_code == 0;
    return {{"sid", message.sid},
            {"account_sid", exchange.account().sid},
            {"api_version", "2010-04-01"},
            {"body", message.body},
            {"date_created", mail_date(message.created)},
            {"date_updated", mail_date(message.updated)},
            {"date_sent", date_or_null(message.sent)},
            {"direction", message.direction},
            {"error_code", no_error ? json::value(nullptr) : json::value(message.error_code)},
            {"error_message", nullptr},
            {"from", text_or_null(message.from)},
            {"to", message.to},
            {"messaging_service_sid", text_or_null(message.service)},
            {"num_media", "0"},
            {"num_segments", std::to_string(segments_of(message.body))},
            {"price", nullptr},
            {"price_unit", "USD"},
            {"status", message.status},
            {"subresource_uris", {{"media", path + "/Media.json"}}},
            {"uri", path + ".json"}};
}

json::object event_json(const CallEvent& event) {
    json::object parameters;
    for (const auto& [name, value] : event.parameters) parameters[name] = value;
    return {{"request", {{"method", event.method}, {"url", event.url}, {"parameters", parameters}}},
            {"response",
             {{"response_code", event.answer.status},
              {"content_type", find_field(event.answer.headers, "Content-Type").value_or("")},
              {"response_body", event.answer.words},
              {"request_duration", 12},
              {"date_created", mail_date(event.at)}}}};
}

json::object notice_json(const PhoneExchange& exchange, const Notice& notice) {
    return {{"sid", notice.sid},
            {"account_sid", exchange.account().sid},
            {"call_sid", notice.call_sid},
            {"api_version", "2010-04-01"},
            {"log", notice.warning ? "1" : "0"},
            {"error_code", std::to_string(notice.code)},
            {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(notice.code)},
            {"message_text", notice.words},
            {"message_date", mail_date(notice.at)},
            {"request_method", notice.method},
            {"request_url", notice.url},
            {"date_created", mail_date(notice.at)},
            {"date_updated", mail_date(notice.at)},
            {"uri", resource_path(exchange, "Notifications/" + notice.sid + ".json")}};
}

}  // namespace mailrota::fakes
