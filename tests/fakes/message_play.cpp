#include "tests/fakes/message_play.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/fakes/twilio_error.h"
#include "tests/fakes/twiml.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;

constexpr double sending_seconds = 1;

/// None: until somebody wakes it.
asio::awaitable<void> nap(PhoneExchange* exchange, MessagePointer message, std::optional<double> seconds) {
    asio::steady_timer timer(exchange->executor());
    if (seconds)
        timer.expires_after(exchange->real(*seconds));
    else
        timer.expires_at(std::chrono::steady_clock::time_point::max());
    message->nap = &timer;
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    message->nap = nullptr;
}

bool is_stopped(const PhoneMessage& message) { return message.dropped || message.status == "canceled"; }

asio::awaitable<void> tell(PhoneExchange* exchange, MessagePointer message, std::string status) {
    const auto url = find_field(message->parameters, "StatusCallback").value_or("");
    const CallbackFaults faults = exchange->account().callbacks;
    if (url.empty() || faults.dropped.contains(status) || faults.dropped.contains("all")) co_return;
    Fields fields = {{"MessageSid", message->sid},
                     {"SmsSid", message->sid},
                     {"MessageStatus", status},
                     {"SmsStatus", status},
                     {"To", message->to},
                     {"From", message->from},
                     {"AccountSid", exchange->account().sid},
                     {"ApiVersion", "2010-04-01"}};
    if (!message->service.empty()) fields.emplace_back("MessagingServiceSid", message->service);
    const bool failed = status == "failed" || status == "undelivered";
    if (failed && message->error_code != 0)
        fields.emplace_back("ErrorCode", std::to_string(message->error_code));
    if (faults.late > 0) co_await nap(exchange, message, faults.late);
    for (int time = 0; time < faults.times; ++time) co_await exchange->request("POST", url, fields, faults);
}

/// Characters of the GSM 7-bit alphabet that ASCII has as well.
bool is_plain(char c) { return c == '\n' || c == '\r' || (c >= ' ' && c < 0x7F && c != '`'); }

}  // namespace

int segments_of(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), is_plain);
    const auto length = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    const long alone = plain ? 160 : 70;
    const long joined = plain ? 153 : 67;
    return static_cast<int>(length <= alone ? 1 : (length + joined - 1) / joined);
}

asio::awaitable<void> play_message(PhoneExchange* exchange, MessagePointer message) {
    if (message->status == "scheduled") message->script.hold = true;
    while (message->script.hold && !is_stopped(*message)) co_await nap(exchange, message, {});
    if (!is_stopped(*message)) co_await nap(exchange, message, sending_seconds);
    if (is_stopped(*message)) co_return;
    const auto& last = message->script.status;
    std::vector<std::string> states = {"sent", last};
    if (last == "failed" || last == "sent") states = {last};
    if (message->from.empty()) message->from = "+15555550199";
    message->sent = current_moment();
    const bool reversed = exchange->account().callbacks.reversed;
    for (const auto& state : states) {
        message->status = state;
        message->updated = current_moment();
        if (state == last) message->error_code = message->script.error_code;
        if (!reversed) co_await tell(exchange, message, state);
        if (message->dropped) co_return;
    }
    if (reversed) std::reverse(states.begin(), states.end());
    for (const auto& state : states)
        if (reversed) co_await tell(exchange, message, state);
}

asio::awaitable<void> tell_of_received(PhoneExchange* exchange, MessagePointer message) {
    Fields fields = {{"MessageSid", message->sid},
                     {"SmsSid", message->sid},
                     {"SmsMessageSid", message->sid},
                     {"AccountSid", exchange->account().sid},
                     {"From", message->from},
                     {"To", message->to},
                     {"Body", message->body},
                     {"NumMedia", "0"},
                     {"NumSegments", std::to_string(segments_of(message->body))},
                     {"SmsStatus", "received"},
                     {"ApiVersion", "2010-04-01"}};
    for (const std::string end : {"From", "To"})
        for (const std::string part : {"City", "State", "Zip", "Country"})
            fields.emplace_back(end + part, "");
    const CallbackFaults faults = exchange->account().callbacks;
    const auto url = exchange->account().sms_url;
    Incoming answer;
    for (int time = 0; time < faults.times; ++time)
        answer = co_await exchange->request("POST", url, fields, faults);
    Twiml twiml;
    if (answer.status == 200) twiml = parse_message_twiml(answer.words);
    if (answer.status / 100 != 2)
        twiml.faults.push_back({11200, false, "status " + std::to_string(answer.status)});
    for (const auto& fault : twiml.faults) {
        Notice notice;
        notice.code = fault.code;
        notice.warning = fault.warning;
        notice.words = fault.words;
        notice.url = url;
        exchange->note(notice);
    }
    for (const auto& verb : twiml.verbs) {
        const auto reply =
            exchange->send_message({{"To", message->from}, {"From", message->to}, {"Body", verb.text}});
        reply->direction = "outbound-reply";
    }
}

}  // namespace mailrota::fakes
