#include <boost/json/array.hpp>

#include "tests/fakes/phone_control.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

/// Pairs, for names that come twice.
json::array listed(const Fields& fields) {
    json::array all;
    for (const auto& [name, value] : fields)
        all.push_back(json::array{json::value(name), json::value(value)});
    return all;
}

/// Bytes that may be no UTF-8.
json::object described(const CallEvent& event) {
    return {{"at_ms", event.at.time_since_epoch().count()},
            {"method", event.method},
            {"url", event.url},
            {"parameters", listed(event.parameters)},
            {"status", event.answer.status},
            {"type", find_field(event.answer.headers, "Content-Type").value_or("")},
            {"answer", to_base64(event.answer.words)}};
}

}  // namespace

json::object told(const PhoneCall& call) {
    json::array states;
    for (const auto& state : call.states) states.push_back({{"status", state.status}, {"at", state.at}});
    json::array spoken;
    for (const auto& words : call.spoken)
        spoken.push_back({{"text", words.text}, {"language", words.language}, {"voice", words.voice}});
    json::array events;
    for (const auto& event : call.events) events.push_back(described(event));
    return {{"sid", call.sid},
            {"to", call.to},
            {"from", call.from},
            {"status", call.status},
            {"answered_by", call.answered_by},
            {"duration", call.duration},
            {"created_ms", call.created.time_since_epoch().count()},
            {"ended_ms", call.ended ? call.ended->time_since_epoch().count() : 0},
            {"over", call.is_over()},
            {"untold", call.outbox.size() + (call.telling ? 1 : 0)},
            {"parameters", listed(call.parameters)},
            {"states", states},
            {"spoken", spoken},
            {"digits", json::array(call.digits.begin(), call.digits.end())},
            {"events", events}};
}

json::object told(const PhoneMessage& message) {
    return {{"sid", message.sid},
            {"to", message.to},
            {"from", message.from},
            {"body", message.body},
            {"status", message.status},
            {"direction", message.direction},
            {"created_ms", message.created.time_since_epoch().count()},
            {"parameters", listed(message.parameters)}};
}

json::object told(const Notice& notice) {
    return {{"call_sid", notice.call_sid},
            {"code", notice.code},
            {"warning", notice.warning},
            {"words", notice.words},
            {"url", notice.url}};
}

}  // namespace mailrota::fakes
