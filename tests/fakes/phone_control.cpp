#include "tests/fakes/phone_control.h"

#include <boost/json/array.hpp>

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

template <class List>
Reply list_of(const char* name, const List& list, auto&& describe) {
    json::array all;
    for (const auto& element : list) all.push_back(describe(element));
    return json_reply(200, json::object{{name, all}});
}

json::object described(const Twilio& twilio) {
    const auto& account = twilio.exchange().account();
    const auto& counts = twilio.counts();
    return {{"sid", account.sid},
            {"auth_token", account.auth_token},
            {"key_sid", account.key_sid},
            {"key_secret", account.key_secret},
            {"sending", counts.sending},
            {"refused", counts.refused},
            {"others", counts.others},
            {"live", twilio.exchange().live_calls()},
            {"most_live", twilio.exchange().most_live()}};
}

Reply done_if(bool found) {
    return found ? json_reply(200, json::object{}) : json_reply(400, {{"error", "there is no such sid"}});
}

}  // namespace

Reply PhoneControl::answer(const std::string& call, const Request& request, const json::object& order) {
    auto name = request.method == "POST" ? text_at(order, "provider")
                                         : find_field(request.query, "provider").value_or("");
    Twilio* twilio = world_.telephone(name.empty() ? "twilio" : name);
    if (!twilio) return json_reply(400, {{"error", "there is no such provider"}});
    PhoneExchange& exchange = twilio->exchange();
    const auto sid = text_at(order, "sid");
    if (call == "GET phone/account") return json_reply(200, described(*twilio));
    if (call == "GET phone/calls")
        return list_of("calls", exchange.calls(), [](const auto& one) { return told(*one); });
    if (call == "GET phone/messages")
        return list_of("messages", exchange.messages(), [](const auto& one) { return told(*one); });
    if (call == "GET phone/notices")
        return list_of("notices", exchange.notices(), [](const auto& one) { return told(one); });
    if (call == "POST phone/release") return done_if(exchange.release(sid));
    if (call == "POST phone/press") return done_if(exchange.press(sid, text_at(order, "digits")));
    if (call == "POST phone/account") {
        change_account(exchange.account(), order);
    } else if (call == "POST phone/script") {
        exchange.account().scripts[text_at(order, "number")] = read_script(order);
    } else if (call == "POST phone/sms") {
        const auto message =
            exchange.receive_message(text_at(order, "from"), text_at(order, "to"), text_at(order, "text"));
        return json_reply(200, json::object{{"sid", message->sid}});
    } else if (call == "DELETE phone") {
        twilio->reset();
    } else {
        return json_reply(404, {{"error", "there is no " + call}});
    }
    return json_reply(200, json::object{});
}

}  // namespace mailrota::fakes
