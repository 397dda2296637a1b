#include <algorithm>

#include "tests/fakes/twilio.h"
#include "tests/fakes/twilio_check.h"
#include "tests/fakes/twilio_error.h"
#include "tests/fakes/twilio_json.h"
#include "tests/fakes/twiml.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

bool fits(const Request& request, const char* name, const std::string& value) {
    const auto wanted = find_field(request.query, name);
    return !wanted || wanted->empty() || *wanted == value;
}

/// A name in the query that a list has no filter for; empty: none.
std::string unknown_filter(const Request& request, const std::vector<std::string>& known) {
    for (const auto& [name, value] : request.query)
        if (std::find(known.begin(), known.end(), name) == known.end()) return name;
    return "";
}

bool has_relative_action(const std::string& document) {
    const auto twiml = parse_twiml(document);
    return std::any_of(twiml.verbs.begin(), twiml.verbs.end(), [](const Verb& verb) {
        const auto url = verb.name == "Redirect" ? verb.text : verb.attribute("action");
        return (verb.name == "Redirect" || verb.name == "Gather") && !is_public_url(url);
    });
}

/// A character of a text that a keypad and its pauses have.
bool is_dialled(char c) {
    return std::string_view("0123456789ABCDabcd#*wW").find(c) != std::string_view::npos;
}

}  // namespace

Reply Twilio::create_call(const Request& request) {
    Fields fields;
    if (auto refused = read_form(request, call_rules(), fields)) return *std::move(refused);
    const auto& account = exchange_.account();
    if (auto refused = check_call_numbers(account, fields)) return *std::move(refused);
    const auto has = [&](std::string_view name) { return find_field(fields, name).has_value(); };
    if (has("ApplicationSid")) return twilio_error(21218, "The account has no such application");
    if (!has("Url") && !has("Twiml")) return twilio_error(21205);
    const auto digits = find_field(fields, "SendDigits").value_or("");
    if (!std::all_of(digits.begin(), digits.end(), is_dialled)) return twilio_error(21206);
    if (exchange_.queued_calls() >= account.most_queued) return twilio_error(22005);
    if (account.most_live > 0 && exchange_.live_calls() >= account.most_live) return twilio_error(10004);
    return json_reply(201, call_json(exchange_, *exchange_.place_call(fields)));
}

Reply Twilio::change_call(const Request& request, PhoneCall& call) {
    Fields fields;
    if (auto refused = read_form(request, call_change_rules(), fields)) return *std::move(refused);
    const auto status = find_field(fields, "Status").value_or("");
    const auto url = find_field(fields, "Url");
    const auto twiml = find_field(fields, "Twiml");
    if (url && twiml) return twilio_error(20422, "Url and Twiml exclude each other");
    if (call.is_over() || ((url || twiml) && call.status != "in-progress")) return twilio_error(21220);
    if (twiml && has_relative_action(*twiml)) return twilio_error(15004);
    for (const auto& [name, value] : fields) {
        if (name == "Url" || name == "Twiml" || name == "Method" || name == "Status") continue;
        std::erase_if(call.parameters, [&name = name](const auto& field) { return field.first == name; });
        call.parameters.emplace_back(name, value);
    }
    // "canceled" leaves a call alone that is in progress; "completed" ends it in any state.
    const bool talks = call.status == "in-progress";
    if (status == "completed" || (status == "canceled" && !talks)) {
        call.wanted_end = status;
        // The answer says already what the play is about to find.
        json::object body = call_json(exchange_, call);
        body["status"] = talks ? "completed" : "canceled";
        call.wake();
        return json_reply(200, body);
    }
    if (url || twiml)
        call.redirect =
            TwimlSource{url.value_or(""), find_field(fields, "Method").value_or("POST"), twiml.value_or("")};
    call.wake();
    return json_reply(200, call_json(exchange_, call));
}

Reply Twilio::list_calls(const Request& request) const {
    const auto unknown = unknown_filter(
        request, {"To", "From", "ParentCallSid", "Status", "StartTime", "StartTime<", "StartTime>", "EndTime",
                  "EndTime<", "EndTime>", "PageSize", "Page", "PageToken"});
    if (!unknown.empty()) return twilio_error(20001, "Unknown parameter " + unknown);
    const auto newest = current_moment() - exchange_.account().index_lag;
    std::vector<json::object> found;
    for (auto at = exchange_.calls().rbegin(); at != exchange_.calls().rend(); ++at) {
        const PhoneCall& call = **at;
        // A call that was not dialled yet is found by the time at which it was made.
        const auto in_start = fits_dates(request, "StartTime", call.started.value_or(call.created));
        const auto in_end = fits_dates(request, "EndTime", call.ended.value_or(Moment::max()));
        if (!in_start || !in_end) return twilio_error(20422, "Invalid date");
        if (call.created <= newest && *in_start && *in_end && fits(request, "To", call.to) &&
            fits(request, "From", call.from) && fits(request, "Status", call.status) &&
            fits(request, "ParentCallSid", ""))
            found.push_back(call_json(exchange_, call));
    }
    return page_of(request, "calls", found);
}

Reply Twilio::list_events(const Request& request, const PhoneCall& call) const {
    std::vector<json::object> found;
    for (const auto& event : call.events) found.push_back(event_json(event));
    return page_of(request, "events", found);
}

Reply Twilio::list_notices(const Request& request, const PhoneCall& call) const {
    std::vector<json::object> found;
    for (const auto& notice : exchange_.notices()) {
        const auto in_time = fits_dates(request, "MessageDate", notice.at);
        if (!in_time) return twilio_error(20422, "Invalid date");
        if (notice.call_sid == call.sid && *in_time && fits(request, "Log", notice.warning ? "1" : "0"))
            found.push_back(notice_json(exchange_, notice));
    }
    return page_of(request, "notifications", found);
}

}  // namespace mailrota::fakes
