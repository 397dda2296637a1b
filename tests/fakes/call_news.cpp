#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/fakes/call_play.h"
#include "tests/fakes/twilio_error.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;

/// Why the log has a warning about the answer of a callback; 0: nothing is wrong with it.
int objection_to(const Incoming& answer) {
    if (answer.status == 0) return 11205;
    if (answer.status >= 400) return 15003;
    const auto type = small_letters(find_field(answer.headers, "Content-Type").value_or(""));
    const bool is_xml = type.starts_with("text/xml") || type.starts_with("application/xml");
    if (answer.status == 204) return 0;
    if (answer.words.empty()) return 15003;
    return is_xml ? 0 : 12300;
}

asio::awaitable<void> send_one(PhoneExchange* exchange, CallPointer call, News news) {
    const CallbackFaults faults = exchange->account().callbacks;
    if (faults.late > 0) {
        asio::steady_timer timer(exchange->executor(), exchange->real(faults.late));
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (faults.dropped.contains(news.status) || faults.dropped.contains("all")) co_return;
    for (int time = 0; time < faults.times && !call->dropped; ++time) {
        const Incoming answer = co_await exchange->request(news.method, news.url, news.parameters, faults);
        call->events.push_back({current_moment(), news.method, news.url, news.parameters, answer});
        Notice notice;
        notice.code = objection_to(answer);
        if (notice.code == 0) continue;
        notice.call_sid = call->sid;
        notice.warning = true;
        notice.words = "status " + std::to_string(answer.status);
        notice.method = news.method;
        notice.url = news.url;
        exchange->note(notice);
    }
}

asio::awaitable<void> empty_outbox(PhoneExchange* exchange, CallPointer call) {
    while (!call->outbox.empty() && !call->dropped) {
        News news = std::move(call->outbox.front());
        call->outbox.pop_front();
        co_await send_one(exchange, call, std::move(news));
    }
    call->telling = false;
}

void tell(PhoneExchange* exchange, const CallPointer& call, News news) {
    call->outbox.push_back(std::move(news));
    if (exchange->account().callbacks.reversed) {
        if (!call->is_over()) return;
        std::reverse(call->outbox.begin(), call->outbox.end());
    }
    if (call->telling) return;
    call->telling = true;
    asio::co_spawn(exchange->executor(), empty_outbox(exchange, call), asio::detached);
}

bool is_asked_for(const PhoneCall& call, const std::string& event) {
    bool names_any = false;
    for (const auto& [name, value] : call.parameters) {
        if (name != "StatusCallbackEvent") continue;
        names_any = true;
        if (value == event) return true;
    }
    return !names_any && event == "completed";
}

std::string method_at(const PhoneCall& call, std::string_view name) {
    const auto method = call.parameter(name);
    return method.empty() ? "POST" : method;
}

void put_end(const PhoneCall& call, Fields& fields) {
    fields.emplace_back("CallDuration", std::to_string(call.duration));
    fields.emplace_back("Duration", std::to_string((call.duration + 59) / 60));
    if (!call.script.sip.empty()) fields.emplace_back("SipResponseCode", call.script.sip);
    if (call.script.error_code == 0) return;
    fields.emplace_back("ErrorCode", std::to_string(call.script.error_code));
    fields.emplace_back("ErrorMessage", twilio_words(call.script.error_code));
}

}  // namespace

Fields call_fields(const PhoneExchange& exchange, const PhoneCall& call) {
    Fields fields = {{"CallSid", call.sid},       {"AccountSid", exchange.account().sid},
                     {"From", call.from},         {"To", call.to},
                     {"Caller", call.from},       {"Called", call.to},
                     {"CallStatus", call.status}, {"Direction", "outbound-api"},
                     {"ApiVersion", "2010-04-01"}};
    for (const std::string end : {"From", "To", "Caller", "Called"})
        for (const std::string part : {"City", "State", "Zip", "Country"})
            fields.emplace_back(end + part, "");
    if (!call.answered_by.empty()) fields.emplace_back("AnsweredBy", call.answered_by);
    return fields;
}

void tell_state(PhoneExchange* exchange, const CallPointer& call, const std::string& event,
                const std::string& status) {
    const auto url = call->parameter("StatusCallback");
    if (url.empty() || !is_asked_for(*call, event)) return;
    Fields fields = call_fields(*exchange, *call);
    for (auto& [name, value] : fields)
        if (name == "CallStatus") value = status;
    fields.emplace_back("Timestamp", plain_date(current_second()) + " +0000");
    fields.emplace_back("CallbackSource", "call-progress-events");
    fields.emplace_back("SequenceNumber", std::to_string(call->sequence++));
    if (event == "completed") put_end(*call, fields);
    tell(exchange, call, {status, method_at(*call, "StatusCallbackMethod"), url, std::move(fields)});
}

void tell_detection(PhoneExchange* exchange, const CallPointer& call) {
    Fields fields = {{"CallSid", call->sid},
                     {"AccountSid", exchange->account().sid},
                     {"AnsweredBy", call->answered_by},
                     {"MachineDetectionDuration", "4000"}};
    tell(exchange, call, {"detection", "POST", call->parameter("AsyncAmdStatusCallback"), std::move(fields)});
}

}  // namespace mailrota::fakes
