#include "ctl/event_text.h"

#include <boost/json.hpp>

#include "core/providers/webhook.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using mail::MailEvent;

}  // namespace

Cell type_cell(const MailEvent& event) {
    std::string text(to_string(event.type));
    if (event.type == MailEvent::Type::bounced && event.soft) text += " (soft)";
    const bool bad = is_final_failure(event.type) || event.type == MailEvent::Type::complained;
    const bool good = event.type == MailEvent::Type::delivered;
    return {std::move(text), bad ? Cell::Mood::bad : good ? Cell::Mood::good : Cell::Mood::plain};
}

std::string what_text(const MailEvent& event) {
    if (!event.mta_response.empty()) return event.mta_response;
    if (!event.description.empty()) return event.description;
    if (!event.click_url.empty()) return event.click_url;
    return event.native == to_string(event.type) ? std::string() : event.native;
}

json::object to_json(const store::StoredEvent& event) {
    json::object shown{{"seq", event.seq},
                       {"provider", event.provider},
                       {"mail", event.mail},
                       {"received", utc_text(event.received)},
                       {"settled", event.settled}};
    boost::system::error_code broken;
    const json::value normal = json::parse(providers::to_json(event.event), broken);
    if (!broken && normal.is_object())
        for (const auto& member : normal.get_object()) shown[member.key()] = member.value();
    return shown;
}

}  // namespace mailrota::ctl
