#include "tests/fakes/call_talk.h"

#include <algorithm>

#include "tests/fakes/call_play.h"

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;

constexpr int most_documents = 100;
constexpr double spoken_a_second = 15;  // characters
constexpr double longest_call = 14'400;
constexpr double for_ever = 1e12;

}  // namespace

bool CallTalk::is_interrupted() const {
    return over_ || next_ || call_->is_disturbed() || call_->clock >= press_at_;
}

asio::awaitable<void> CallTalk::pass(double seconds) {
    const auto& limit = call_->parameter("TimeLimit");
    double most = limit.empty() ? longest_call : std::stod(limit);
    if (call_->script.hang_up_after >= 0) most = std::min(most, call_->script.hang_up_after);
    const double end = call_->answered_at + most;
    const double until = std::min(call_->clock + seconds, press_at_);
    const double rest = std::max(0.0, std::min(until, end) - call_->clock);
    const bool undisturbed = co_await nap(exchange_, call_, rest);
    if (undisturbed && until >= end) over_ = true;
}

asio::awaitable<void> CallTalk::run(TwimlSource source) {
    for (int count = 0; count < most_documents; ++count) {
        next_.reset();
        const auto twiml = co_await load(source);
        if (call_->dropped || !call_->wanted_end.empty()) co_return;
        if (twiml) {
            co_await perform(&twiml->verbs);
        } else {
            call_->spoken.push_back({"An application error has occurred. Goodbye.", "en-US", "alice"});
            over_ = true;
        }
        if (call_->redirect && !over_) {
            source = *call_->redirect;
            call_->redirect.reset();
            next_fields_.clear();
            continue;
        }
        if (over_ || !next_ || call_->is_disturbed()) co_return;
        source = *next_;
    }
}

asio::awaitable<void> CallTalk::perform(const Verbs* verbs) {
    for (const Verb& verb : *verbs) {
        if (is_interrupted()) co_return;
        if (verb.name == "Say") co_await say(&verb);
        if (verb.name == "Play") co_await pass(5);
        if (verb.name == "Pause") co_await pass(verb.number("length", 1));
        if (verb.name == "Gather") co_await gather(&verb);
        if (verb.name == "Redirect") go_on_at(verb.text, verb.attribute("method", "POST"), {});
        if (verb.name == "Hangup" || verb.name == "Reject") over_ = true;
    }
}

asio::awaitable<void> CallTalk::say(const Verb* verb) {
    const int times = verb->number("loop", 1);
    const double once = static_cast<double>(verb->text.size()) / spoken_a_second;
    for (int time = 0; time < std::max(times, 1) && !is_interrupted(); ++time) {
        call_->spoken.push_back({verb->text, verb->attribute("language"), verb->attribute("voice")});
        co_await pass(times == 0 ? for_ever : once);
    }
}

std::string CallTalk::taken(const Verb& verb, std::string digits) const {
    const auto finish = verb.attribute("finishOnKey", "#");
    if (!finish.empty()) digits = digits.substr(0, digits.find(finish[0]));
    const auto most = static_cast<std::size_t>(verb.number("numDigits", 99));
    return digits.substr(0, most);
}

asio::awaitable<std::string> CallTalk::listen(const Verb* verb) {
    const auto& script = call_->script;
    std::string pressed;
    if (script.answered_by == "human" && gathers_ < script.digits.size()) pressed = script.digits[gathers_];
    ++gathers_;
    if (verb->attribute("input", "dtmf").find("dtmf") == std::string::npos) pressed.clear();
    const bool waits = pressed == "?";
    if (!pressed.empty() && !waits && script.press_after >= 0) press_at_ = call_->clock + script.press_after;
    call_->listens = waits;
    co_await perform(&verb->nested);
    // One who is late for the prompt still presses before the time is over.
    press_at_ = std::numeric_limits<double>::infinity();
    while (waits && !over_ && !call_->is_disturbed()) co_await nap(exchange_, call_, {});
    call_->listens = false;
    if (waits) pressed = std::exchange(call_->pressed, "");
    co_return pressed;
}

asio::awaitable<void> CallTalk::gather(const Verb* verb) {
    std::string digits = co_await listen(verb);
    if (is_interrupted()) co_return;
    const double timeout = verb->number("timeout", 5);
    const auto number = static_cast<std::size_t>(verb->number("numDigits", 99));
    const auto kept = taken(*verb, digits);
    const bool complete = kept.size() == number || kept.size() < digits.size();
    co_await pass(complete ? 1 : timeout);
    if (is_interrupted()) co_return;
    if (!kept.empty()) call_->digits.push_back(kept);
    if (kept.empty() && verb->attribute("actionOnEmptyResult") != "true") co_return;
    go_on_at(verb->attribute("action", base_), verb->attribute("method", "POST"),
             {{"Digits", kept}, {"FinishedOnKey", kept.size() < digits.size() ? "#" : ""}});
}

void CallTalk::go_on_at(const std::string& url, const std::string& method, Fields more) {
    TwimlSource source;
    source.url = resolved(url, base_);
    source.method = method;
    if (source.url.empty()) {
        fail(11100, {url, method, ""}, "the URL is not absolute");
        call_->spoken.push_back({"An application error has occurred. Goodbye.", "en-US", "alice"});
        over_ = true;
        return;
    }
    next_ = source;
    next_fields_ = std::move(more);
}

}  // namespace mailrota::fakes
