#include <algorithm>

#include "tests/fakes/twilio.h"
#include "tests/fakes/twilio_check.h"
#include "tests/fakes/twilio_error.h"
#include "tests/fakes/twilio_json.h"

namespace mailrota::fakes {

namespace {

bool fits(const Request& request, const char* name, const std::string& value) {
    const auto wanted = find_field(request.query, name);
    return !wanted || wanted->empty() || *wanted == value;
}

bool is_filter(const std::string& name) {
    static const std::vector<std::string> known = {"To",        "From",     "DateSent", "DateSent<",
                                                   "DateSent>", "PageSize", "Page",     "PageToken"};
    return std::find(known.begin(), known.end(), name) != known.end();
}

}  // namespace

Reply Twilio::create_message(const Request& request) {
    Fields fields;
    if (auto refused = read_form(request, message_rules(), fields)) return *std::move(refused);
    if (auto refused = check_message_numbers(exchange_.account(), fields)) return *std::move(refused);
    const auto has = [&](std::string_view name) { return !find_field(fields, name).value_or("").empty(); };
    if (!has("Body") && !has("MediaUrl") && !has("ContentSid")) return twilio_error(21602);
    const bool scheduled = has("ScheduleType");
    if (scheduled != has("SendAt") || (scheduled && !has("MessagingServiceSid")))
        return twilio_error(20422, "SendAt, ScheduleType and MessagingServiceSid belong together");
    if (std::count_if(fields.begin(), fields.end(),
                      [](const auto& field) { return field.first == "MediaUrl"; }) > 10)
        return twilio_error(20422, "Too many MediaUrl");
    Reply reply = json_reply(201, message_json(exchange_, *exchange_.send_message(fields)));
    return reply;
}

Reply Twilio::change_message(const Request& request, PhoneMessage& message) {
    Fields fields;
    if (auto refused = read_form(request, message_change_rules(), fields)) return *std::move(refused);
    if (find_field(fields, "Body")) message.body.clear();
    if (find_field(fields, "Status")) {
        const auto& status = message.status;
        if (status != "queued" && status != "accepted" && status != "scheduled") return twilio_error(30409);
        message.status = "canceled";
        if (message.nap) message.nap->cancel();
    }
    message.updated = current_moment();
    return json_reply(200, message_json(exchange_, message));
}

Reply Twilio::list_messages(const Request& request) const {
    for (const auto& [name, value] : request.query)
        if (!is_filter(name)) return twilio_error(20001, "Unknown parameter " + name);
    const auto newest = current_moment() - exchange_.account().index_lag;
    std::vector<boost::json::object> found;
    for (auto at = exchange_.messages().rbegin(); at != exchange_.messages().rend(); ++at) {
        const PhoneMessage& message = **at;
        const auto in_time = fits_dates(request, "DateSent", message.sent.value_or(message.created));
        if (!in_time) return twilio_error(20422, "Invalid date");
        if (message.created <= newest && *in_time && fits(request, "To", message.to) &&
            fits(request, "From", message.from))
            found.push_back(message_json(exchange_, message));
    }
    return page_of(request, "messages", found);
}

}  // namespace mailrota::fakes
