#include <boost/json/array.hpp>
#include <stdexcept>

#include "tests/fakes/phone_control.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

void read(const json::object& order, const char* name, std::string& value) {
    if (const auto* given = order.if_contains(name)) value = given->as_string();
}
void read(const json::object& order, const char* name, bool& value) {
    if (const auto* given = order.if_contains(name)) value = given->as_bool();
}
template <class Number>
void read_number(const json::object& order, const char* name, Number& value) {
    if (const auto* given = order.if_contains(name)) value = given->to_number<Number>();
}
void read(const json::object& order, const char* name, std::chrono::milliseconds& value) {
    if (const auto* given = order.if_contains(name))
        value = std::chrono::milliseconds(given->to_number<std::int64_t>());
}
void read(const json::object& order, const char* name, std::set<std::string>& words) {
    const auto* given = order.if_contains(name);
    if (!given) return;
    words.clear();
    for (const auto& word : given->as_array()) words.emplace(word.as_string());
}
void read(const json::object& order, const char* name, std::map<std::string, int>& codes) {
    const auto* given = order.if_contains(name);
    if (!given) return;
    codes.clear();
    for (const auto& [number, code] : given->as_object())
        codes.emplace(std::string(number), code.to_number<int>());
}
void read(const json::object& order, const char* name, std::map<std::string, std::string>& routes) {
    const auto* given = order.if_contains(name);
    if (!given) return;
    routes.clear();
    for (const auto& [from, to] : given->as_object())
        routes.emplace(std::string(from), std::string(to.as_string()));
}

CallbackFaults read_callbacks(const json::object& order) {
    CallbackFaults faults;
    read_number(order, "late", faults.late);
    read_number(order, "times", faults.times);
    read(order, "reversed", faults.reversed);
    read(order, "dropped", faults.dropped);
    read(order, "wrong_key", faults.wrong_key);
    read(order, "unsigned", faults.unsigned_posts);
    read(order, "altered", faults.altered);
    return faults;
}

CallScript::End read_end(const std::string& word) {
    if (word.empty() || word == "answered") return CallScript::End::answered;
    if (word == "busy") return CallScript::End::busy;
    if (word == "no-answer") return CallScript::End::no_answer;
    if (word == "failed") return CallScript::End::failed;
    throw std::runtime_error("no call ends in " + word);
}

CallScript read_call(const json::object& order) {
    CallScript script;
    script.end = read_end(text_at(order, "end"));
    read_number(order, "ring", script.ring);
    read(order, "answered_by", script.answered_by);
    if (const auto* digits = order.if_contains("digits"))
        for (const auto& one : digits->as_array()) script.digits.emplace_back(one.as_string());
    read_number(order, "press_after", script.press_after);
    read_number(order, "hang_up_after", script.hang_up_after);
    read(order, "sip", script.sip);
    read_number(order, "error_code", script.error_code);
    read(order, "hold", script.hold);
    return script;
}

}  // namespace

PhoneScript read_script(const json::object& order) {
    PhoneScript script;
    if (const auto* calls = order.if_contains("calls"))
        for (const auto& call : calls->as_array()) script.calls.push_back(read_call(call.as_object()));
    if (const auto* sms = order.if_contains("sms")) {
        read(sms->as_object(), "status", script.sms.status);
        read_number(sms->as_object(), "error_code", script.sms.error_code);
        read(sms->as_object(), "hold", script.sms.hold);
    }
    return script;
}

void change_account(PhoneAccount& account, const json::object& order) {
    read(order, "sid", account.sid);
    read(order, "auth_token", account.auth_token);
    read(order, "second_token", account.second_token);
    read(order, "key_sid", account.key_sid);
    read(order, "key_secret", account.key_secret);
    read(order, "status", account.status);
    read(order, "trial", account.trial);
    read(order, "numbers", account.numbers);
    read(order, "verified", account.verified);
    read(order, "refused", account.refused);
    read(order, "refused_calls", account.refused_calls);
    read(order, "refused_messages", account.refused_messages);
    read_number(order, "speed", account.speed);
    read_number(order, "calls_a_second", account.calls_a_second);
    read_number(order, "most_live", account.most_live);
    read_number(order, "most_queued", account.most_queued);
    read(order, "latency_ms", account.latency);
    read(order, "index_lag_ms", account.index_lag);
    read(order, "sms_url", account.sms_url);
    read(order, "routes", account.routes);
    if (const auto* callbacks = order.if_contains("callbacks"))
        account.callbacks = read_callbacks(callbacks->as_object());
    if (account.speed <= 0) throw std::runtime_error("the speed must be positive");
}

}  // namespace mailrota::fakes
