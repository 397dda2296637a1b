#include "tests/rig/fake_twilio.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <stdexcept>

#include "tests/rig/fake_json.h"
#include "tests/rig/http_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

namespace json = boost::json;

std::string value_of(const FakeTwilio::Pairs& pairs, std::string_view name) {
    const auto found =
        std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == name; });
    return found == pairs.end() ? "" : found->second;
}

FakeTwilio::Pairs read_pairs(const json::value& list) {
    FakeTwilio::Pairs pairs;
    for (const auto& pair : list.as_array())
        pairs.emplace_back(pair.at(0).as_string(), pair.at(1).as_string());
    return pairs;
}

json::array to_json(const std::vector<std::string>& words) { return json::array(words.begin(), words.end()); }

json::object to_json(const FakeCallScript& script) {
    return {{"end", script.end},
            {"ring", script.ring},
            {"answered_by", script.answered_by},
            {"digits", to_json(script.digits)},
            {"press_after", script.press_after},
            {"hang_up_after", script.hang_up_after},
            {"sip", script.sip},
            {"error_code", script.error_code},
            {"hold", script.hold}};
}

json::object to_json(const FakeCallbackFaults& faults) {
    return {{"late", faults.late},           {"times", faults.times},
            {"reversed", faults.reversed},   {"dropped", to_json(faults.dropped)},
            {"wrong_key", faults.wrong_key}, {"unsigned", faults.unsigned_posts},
            {"altered", faults.altered}};
}

template <class Map>
json::object object_of(const Map& map) {
    json::object object;
    for (const auto& [name, value] : map) object[name] = value;
    return object;
}

json::object to_json(const FakePhoneAccount& change) {
    json::object order;
    put(order, "auth_token", change.auth_token);
    put(order, "second_token", change.second_token);
    put(order, "key_secret", change.key_secret);
    put(order, "status", change.status);
    put(order, "trial", change.trial);
    put(order, "verified", change.verified);
    put(order, "numbers", change.numbers);
    put(order, "speed", change.speed);
    put(order, "calls_a_second", change.calls_a_second);
    put(order, "most_live", change.most_live);
    put(order, "most_queued", change.most_queued);
    put(order, "latency_ms", change.latency);
    put(order, "index_lag_ms", change.index_lag);
    put(order, "sms_url", change.sms_url);
    if (change.refused) order["refused"] = object_of(*change.refused);
    if (change.routes) order["routes"] = object_of(*change.routes);
    if (change.callbacks) order["callbacks"] = to_json(*change.callbacks);
    return order;
}

FakeCallEvent read_event(const json::object& given) {
    FakeCallEvent event;
    event.at_ms = given.at("at_ms").to_number<std::int64_t>();
    event.method = text_at(given, "method");
    event.url = text_at(given, "url");
    event.parameters = read_pairs(given.at("parameters"));
    event.status = given.at("status").to_number<int>();
    event.type = text_at(given, "type");
    event.answer = decode_base64(text_at(given, "answer"));
    return event;
}

FakeCall read_call(const json::object& given) {
    FakeCall call;
    call.sid = text_at(given, "sid");
    call.to = text_at(given, "to");
    call.from = text_at(given, "from");
    call.status = text_at(given, "status");
    call.answered_by = text_at(given, "answered_by");
    call.over = given.at("over").as_bool();
    call.told = call.over && given.at("untold").to_number<int>() == 0;
    call.duration = given.at("duration").to_number<int>();
    call.created_ms = given.at("created_ms").to_number<std::int64_t>();
    call.ended_ms = given.at("ended_ms").to_number<std::int64_t>();
    call.parameters = read_pairs(given.at("parameters"));
    for (const auto& state : given.at("states").as_array())
        call.states.emplace_back(text_at(state.as_object(), "status"), state.at("at").to_number<double>());
    for (const auto& spoken : given.at("spoken").as_array()) {
        const auto& words = spoken.as_object();
        call.spoken.push_back({text_at(words, "text"), text_at(words, "language"), text_at(words, "voice")});
    }
    for (const auto& digits : given.at("digits").as_array()) call.digits.emplace_back(digits.as_string());
    for (const auto& event : given.at("events").as_array())
        call.events.push_back(read_event(event.as_object()));
    return call;
}

FakeSms read_sms(const json::object& given) {
    return {text_at(given, "sid"),
            text_at(given, "to"),
            text_at(given, "from"),
            text_at(given, "body"),
            text_at(given, "status"),
            text_at(given, "direction"),
            given.at("created_ms").to_number<std::int64_t>(),
            read_pairs(given.at("parameters"))};
}

FakeNotice read_notice(const json::object& given) {
    return {text_at(given, "call_sid"), given.at("code").to_number<int>(), given.at("warning").as_bool(),
            text_at(given, "words"), text_at(given, "url")};
}

template <class Reader>
auto read_list(const std::string& answer, const char* name, Reader reader) {
    const auto parsed = json::parse(answer);
    std::vector<decltype(reader(json::object()))> all;
    for (const auto& element : parsed.as_object().at(name).as_array())
        all.push_back(reader(element.as_object()));
    return all;
}

}  // namespace

std::string FakeCallEvent::parameter(std::string_view name) const { return value_of(parameters, name); }
std::string FakeCall::parameter(std::string_view name) const { return value_of(parameters, name); }

std::string FakeCall::words() const {
    std::string all;
    for (const auto& one : spoken) all += (all.empty() ? "" : " ") + one.text;
    return all;
}

FakeTwilio::FakeTwilio(FakeProviders& fakes, std::string name) : fakes_(fakes), name_(std::move(name)) {}

std::string FakeTwilio::ask(std::string_view method, const std::string& call, const std::string& body) const {
    HttpClient client("inet:127.0.0.1:" + std::to_string(fakes_.port()));
    const bool in_body = method == "POST";
    const auto answer =
        client.request(method, "/control/" + call + (in_body ? "" : "?provider=" + name_), body);
    if (answer.status != 200) throw std::runtime_error("fake twilio: " + call + ": " + answer.body);
    return answer.body;
}

std::string FakeTwilio::member(const char* member_name) const {
    return text_at(json::parse(ask("GET", "phone/account")).as_object(), member_name);
}
std::int64_t FakeTwilio::number(const char* member_name) const {
    return json::parse(ask("GET", "phone/account")).as_object().at(member_name).to_number<std::int64_t>();
}

void FakeTwilio::set(const FakePhoneAccount& change) {
    auto order = to_json(change);
    order["provider"] = name_;
    ask("POST", "phone/account", json::serialize(order));
}

void FakeTwilio::script(const std::string& number, const std::vector<FakeCallScript>& calls,
                        const FakeSmsScript& sms) {
    json::array scripts;
    for (const auto& call : calls) scripts.push_back(to_json(call));
    const json::object order{
        {"provider", name_},
        {"number", number},
        {"calls", scripts},
        {"sms", {{"status", sms.status}, {"error_code", sms.error_code}, {"hold", sms.hold}}}};
    ask("POST", "phone/script", json::serialize(order));
}

std::string FakeTwilio::say_sms(const std::string& from, const std::string& to, const std::string& text) {
    const json::object order{{"provider", name_}, {"from", from}, {"to", to}, {"text", text}};
    return text_at(json::parse(ask("POST", "phone/sms", json::serialize(order))).as_object(), "sid");
}

void FakeTwilio::release(const std::string& sid) {
    ask("POST", "phone/release", json::serialize(json::object{{"provider", name_}, {"sid", sid}}));
}

void FakeTwilio::press(const std::string& sid, const std::string& digits) {
    ask("POST", "phone/press",
        json::serialize(json::object{{"provider", name_}, {"sid", sid}, {"digits", digits}}));
}

std::vector<FakeCall> FakeTwilio::calls() const {
    return read_list(ask("GET", "phone/calls"), "calls", read_call);
}

std::vector<FakeCall> FakeTwilio::calls_to(std::string_view number) const {
    auto all = calls();
    std::erase_if(all, [&](const FakeCall& call) { return call.to != number; });
    return all;
}

std::vector<FakeCall> FakeTwilio::wait_for_calls(std::size_t count,
                                                 const std::function<bool(const FakeCall&)>& fits,
                                                 std::chrono::milliseconds deadline) const {
    std::vector<FakeCall> fitting;
    const auto enough = [&] {
        fitting = calls();
        std::erase_if(fitting, [&](const FakeCall& call) { return !fits(call); });
        return fitting.size() >= count;
    };
    wait_until(enough, deadline);
    return fitting;
}

std::vector<FakeCall> FakeTwilio::wait_for_ended_calls(std::size_t count,
                                                       std::chrono::milliseconds deadline) const {
    return wait_for_calls(
        count, [](const FakeCall& call) { return call.told; }, deadline);
}

std::vector<FakeSms> FakeTwilio::messages() const {
    return read_list(ask("GET", "phone/messages"), "messages", read_sms);
}

std::vector<FakeSms> FakeTwilio::wait_for_messages(std::size_t count,
                                                   std::chrono::milliseconds deadline) const {
    std::vector<FakeSms> all;
    wait_until([&] { return (all = messages()).size() >= count; }, deadline);
    return all;
}

std::vector<FakeNotice> FakeTwilio::notices() const {
    return read_list(ask("GET", "phone/notices"), "notices", read_notice);
}

FakeCalls FakeTwilio::counts() const {
    const auto count = [&](const char* name) { return static_cast<std::uint64_t>(number(name)); };
    return {count("sending"), count("refused"), count("others"), calls().size()};
}

std::uint64_t FakeTwilio::most_live() const { return static_cast<std::uint64_t>(number("most_live")); }

void FakeTwilio::clear() { ask("DELETE", "phone"); }

}  // namespace mailrota::rig
