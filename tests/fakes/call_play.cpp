#include "tests/fakes/call_play.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>

#include "tests/fakes/call_talk.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
using End = CallScript::End;
using std::chrono::steady_clock;

constexpr double dialling_seconds = 1;
constexpr double detection_seconds = 4;

/// Stays in a state that the script holds, until release(). False if something came up.
asio::awaitable<bool> hold(PhoneExchange* exchange, CallPointer call, std::string state) {
    while (call->script.hold == state && !call->released && !call->is_disturbed())
        co_await nap(exchange, call, {});
    co_return !call->is_disturbed();
}

asio::awaitable<bool> wait_in_queue(PhoneExchange* exchange, CallPointer call) {
    const auto gap = exchange->take_slot() - steady_clock::now();
    bool goes_on = co_await nap(exchange, call, std::max(0.0, exchange->played(gap)));
    if (goes_on) goes_on = co_await hold(exchange, call, "queued");
    call->queue_time = std::llround(call->clock * 1000);
    co_return goes_on;
}

std::string found_by_detection(const PhoneCall& call) {
    const auto& found = call.script.answered_by;
    const bool to_the_end = call.parameter("MachineDetection") == "DetectMessageEnd";
    return found == "machine_start" && to_the_end ? "machine_end_beep" : found;
}

asio::awaitable<void> detect(PhoneExchange* exchange, CallPointer call) {
    if (call->parameter("MachineDetection").empty() || !call->parameter("SendDigits").empty()) co_return;
    if (call->parameter("AsyncAmd") != "true") {
        // The other end hears silence.
        co_await nap(exchange, call, detection_seconds);
        call->answered_by = found_by_detection(*call);
        co_return;
    }
    if (!call->parameter("AsyncAmdStatusCallback").empty()) {
        call->answered_by = found_by_detection(*call);
        tell_detection(exchange, call);
        co_return;
    }
    Notice notice;
    notice.call_sid = call->sid;
    notice.code = 21262;
    notice.warning = true;
    exchange->note(notice);
}

asio::awaitable<void> talk(PhoneExchange* exchange, CallPointer call) {
    call->answered_at = call->clock;
    call->enter("in-progress");
    tell_state(exchange, call, "answered", "in-progress");
    const bool goes_on = co_await hold(exchange, call, "in-progress");
    if (!goes_on && !call->redirect) co_return;
    co_await detect(exchange, call);
    TwimlSource source;
    source.url = call->parameter("Url");
    if (const auto method = call->parameter("Method"); !method.empty()) source.method = method;
    if (source.url.empty()) source.document = call->parameter("Twiml");
    CallTalk words(exchange, call);
    co_await words.run(source);
    if (call->answered_by.empty() && !call->parameter("MachineDetection").empty())
        call->answered_by = found_by_detection(*call);
}

/// The status in which the call ends.
asio::awaitable<std::string> dial(PhoneExchange* exchange, CallPointer call) {
    const CallScript script = call->script;
    call->started = current_moment();
    call->states.push_back({"initiated", call->clock});
    tell_state(exchange, call, "initiated", "initiated");
    bool goes_on = co_await nap(exchange, call, dialling_seconds);
    if (!goes_on) co_return "canceled";
    if (script.end == End::failed) co_return "failed";
    call->enter("ringing");
    tell_state(exchange, call, "ringing", "ringing");
    goes_on = co_await hold(exchange, call, "ringing");
    if (!goes_on) co_return "canceled";
    const auto timeout = call->parameter("Timeout");
    const double longest = timeout.empty() ? 60 : std::stod(timeout);
    const bool unanswered = script.end == End::no_answer || script.ring > longest;
    goes_on = co_await nap(exchange, call, unanswered ? longest : script.ring);
    if (!goes_on) co_return "canceled";
    if (unanswered) co_return "no-answer";
    if (script.end == End::busy) co_return "busy";
    co_await talk(exchange, call);
    co_return "completed";
}

}  // namespace

asio::awaitable<bool> nap(PhoneExchange* exchange, CallPointer call, std::optional<double> seconds) {
    const double until = call->clock + seconds.value_or(0);
    do {
        if (call->is_disturbed()) co_return false;
        const double rest = until - call->clock;
        asio::steady_timer timer(co_await asio::this_coro::executor);
        if (seconds)
            timer.expires_after(exchange->real(rest));
        else
            timer.expires_at(steady_clock::time_point::max());
        call->nap = &timer;
        const auto before = steady_clock::now();
        const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        call->nap = nullptr;
        const double passed = exchange->played(steady_clock::now() - before);
        call->clock += seconds ? (error ? std::min(passed, rest) : rest) : passed;
    } while (seconds && call->clock < until);
    co_return !call->is_disturbed();
}

asio::awaitable<void> play_call(PhoneExchange* exchange, CallPointer call) {
    std::string end = "canceled";
    const bool goes_on = co_await wait_in_queue(exchange, call);
    if (goes_on) end = co_await dial(exchange, call);
    if (call->dropped) co_return;
    if (end == "completed") call->duration = std::max(1, int(std::ceil(call->clock - call->answered_at)));
    call->ended = current_moment();
    call->enter(end);
    tell_state(exchange, call, "completed", end);
}

}  // namespace mailrota::fakes
