#include "tests/fakes/phone_exchange.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <utility>

#include "tests/fakes/call_play.h"
#include "tests/fakes/message_play.h"
#include "tests/fakes/signing.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

template <class Pointer>
Pointer find_in(const std::deque<Pointer>& list, std::string_view sid) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& one) { return one->sid == sid; });
    return found == list.end() ? Pointer() : *found;
}

std::string sid_of(std::string_view kind, const std::string& name) {
    return std::string(kind) + to_hex(sha256(std::string(kind) + name)).substr(0, 32);
}

}  // namespace

PhoneExchange::PhoneExchange(std::string name, asio::any_io_executor executor, Transport transport)
    : executor_(std::move(executor)), transport_(std::move(transport)) {
    account_.sid = sid_of("AC", name);
    account_.auth_token = name + "-token";
    account_.key_sid = sid_of("SK", name);
    account_.key_secret = name + "-secret";
    account_.refused_calls = {
        {"+15005550001", 21217}, {"+15005550002", 21214}, {"+15005550003", 21215}, {"+15005550004", 21216}};
    account_.refused_messages = {{"+15005550001", 21211},
                                 {"+15005550002", 21612},
                                 {"+15005550003", 21408},
                                 {"+15005550004", 21610},
                                 {"+15005550009", 21614}};
}

CallScript PhoneExchange::next_script(const std::string& number) {
    auto found = account_.scripts.find(number);
    if (found == account_.scripts.end() || found->second.calls.empty()) found = account_.scripts.find("");
    if (found == account_.scripts.end() || found->second.calls.empty()) return {};
    auto& scripts = found->second.calls;
    CallScript script = scripts.front();
    if (scripts.size() > 1) scripts.pop_front();
    return script;
}

CallPointer PhoneExchange::place_call(const Fields& parameters) {
    auto call = std::make_shared<PhoneCall>();
    call->sid = "CA" + random_hex(32);
    call->to = find_field(parameters, "To").value_or("");
    call->from = find_field(parameters, "From").value_or("");
    call->parameters = parameters;
    call->script = next_script(call->to);
    call->created = call->updated = current_moment();
    call->states.push_back({"queued", 0});
    calls_.push_back(call);
    most_live_ = std::max(most_live_, live_calls());
    asio::co_spawn(executor_, play_call(this, call), asio::detached);
    return call;
}

MessagePointer PhoneExchange::send_message(const Fields& parameters) {
    auto message = std::make_shared<PhoneMessage>();
    const auto parameter = [&](std::string_view name) { return find_field(parameters, name).value_or(""); };
    message->sid = (find_field(parameters, "MediaUrl") ? "MM" : "SM") + random_hex(32);
    message->to = parameter("To");
    message->from = parameter("From");
    message->service = parameter("MessagingServiceSid");
    message->body = parameter("Body");
    message->parameters = parameters;
    if (!message->service.empty()) message->status = "accepted";
    if (!parameter("SendAt").empty()) message->status = "scheduled";
    for (const auto& number : {message->to, std::string()})
        if (const auto found = account_.scripts.find(number); found != account_.scripts.end()) {
            message->script = found->second.sms;
            break;
        }
    message->created = message->updated = current_moment();
    messages_.push_back(message);
    asio::co_spawn(executor_, play_message(this, message), asio::detached);
    return message;
}

MessagePointer PhoneExchange::receive_message(const std::string& from, const std::string& to,
                                              const std::string& text) {
    const auto word = small_letters(trimmed(text));
    if (word == "stop" || word == "unsubscribe") account_.stopped.insert(from);
    if (word == "start") account_.stopped.erase(from);
    auto message = std::make_shared<PhoneMessage>();
    message->sid = "SM" + random_hex(32);
    message->from = from;
    message->to = to;
    message->body = text;
    message->status = "received";
    message->direction = "inbound";
    message->created = message->updated = current_moment();
    message->sent = message->created;
    messages_.push_back(message);
    if (!account_.sms_url.empty()) asio::co_spawn(executor_, tell_of_received(this, message), asio::detached);
    return message;
}

CallPointer PhoneExchange::find_call(std::string_view sid) const { return find_in(calls_, sid); }
MessagePointer PhoneExchange::find_message(std::string_view sid) const { return find_in(messages_, sid); }

void PhoneExchange::remove_call(std::string_view sid) {
    std::erase_if(calls_, [&](const auto& call) { return call->sid == sid; });
}
void PhoneExchange::remove_message(std::string_view sid) {
    std::erase_if(messages_, [&](const auto& message) { return message->sid == sid; });
}

std::uint64_t PhoneExchange::live_calls() const {
    return static_cast<std::uint64_t>(
        std::count_if(calls_.begin(), calls_.end(), [](const auto& call) { return !call->is_over(); }));
}
std::uint64_t PhoneExchange::queued_calls() const {
    return static_cast<std::uint64_t>(std::count_if(
        calls_.begin(), calls_.end(), [](const auto& call) { return call->states.size() == 1; }));
}

void PhoneExchange::reset() {
    for (const auto& call : calls_) {
        call->dropped = true;
        call->wake();
    }
    for (const auto& message : messages_) {
        message->dropped = true;
        if (message->nap) message->nap->cancel();
    }
    calls_.clear();
    messages_.clear();
    notices_.clear();
    account_.scripts.clear();
    account_.stopped.clear();
    next_slot_ = {};
    most_live_ = 0;
}

bool PhoneExchange::release(std::string_view sid) {
    if (const auto call = find_call(sid)) {
        call->released = true;
        call->wake();
        return true;
    }
    const auto message = find_message(sid);
    if (!message) return false;
    message->script.hold = false;
    if (message->nap) message->nap->cancel();
    return true;
}

bool PhoneExchange::press(std::string_view sid, const std::string& digits) {
    const auto call = find_call(sid);
    if (!call) return false;
    call->pressed = digits;
    call->wake();
    return true;
}

steady_clock::duration PhoneExchange::real(double seconds) const {
    constexpr double most = 1e9;
    return std::chrono::duration_cast<steady_clock::duration>(
        std::chrono::duration<double>(std::clamp(seconds / account_.speed, 0.0, most)));
}

double PhoneExchange::played(steady_clock::duration time) const {
    return std::chrono::duration<double>(time).count() * account_.speed;
}

steady_clock::time_point PhoneExchange::take_slot() {
    const auto slot = std::max(next_slot_, steady_clock::now());
    if (account_.calls_a_second > 0) next_slot_ = slot + real(1 / account_.calls_a_second);
    return slot;
}

void PhoneExchange::note(Notice notice) {
    notice.sid = "NO" + random_hex(32);
    notice.at = current_moment();
    notices_.push_back(std::move(notice));
}

}  // namespace mailrota::fakes
