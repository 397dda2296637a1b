#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/client.h"
#include "tests/fakes/encoding.h"
#include "tests/fakes/phone_account.h"

namespace mailrota::fakes {

using Moment = std::chrono::sys_time<std::chrono::milliseconds>;
inline Moment current_moment() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Words that the person at the other end has heard.
struct Spoken {
    std::string text;
    std::string language;
    std::string voice;
};

/// A request made during a call, with its answer.
struct CallEvent {
    Moment at;
    std::string method;
    std::string url;  ///< the public one
    Fields parameters;
    Incoming answer;
};

/// An error or warning that the account's owner finds in the log.
struct Notice {
    std::string sid;
    std::string call_sid;  ///< empty: not of a call
    int code = 0;
    bool warning = false;
    std::string words;
    std::string method;
    std::string url;
    Moment at;
};

/// A state a call went through, at so many seconds of the play.
struct CallState {
    std::string status;
    double at = 0;
};

/// Where the words of a call come from: a URL, or a document (then `url` is empty).
struct TwimlSource {
    std::string url;
    std::string method = "POST";
    std::string document;
};

/// A state that is to be told to a webhook.
struct News {
    std::string status;
    std::string method;
    std::string url;
    Fields parameters;
};

struct PhoneCall {
    std::string sid;
    std::string to;
    std::string from;
    std::string status = "queued";
    std::string answered_by;
    Fields parameters;  ///< of the creating request, with what was changed since
    CallScript script;
    Moment created;
    Moment updated;
    std::optional<Moment> started;
    std::optional<Moment> ended;
    std::int64_t queue_time = 0;  ///< milliseconds of the play
    int duration = 0;             ///< seconds of the play

    std::vector<CallState> states;
    std::vector<Spoken> spoken;
    std::vector<std::string> digits;  ///< what was pressed, one element a <Gather>
    std::vector<CallEvent> events;
    int sequence = 0;  ///< of the next callback

    // The play.
    double clock = 0;  ///< seconds since it was created
    double answered_at = std::numeric_limits<double>::infinity();
    std::string wanted_end;  ///< "canceled", "completed": what the API asks for
    std::optional<TwimlSource> redirect;
    std::string pressed;  ///< by press(), not yet taken
    bool released = false;
    bool dropped = false;  ///< forgotten: nothing is told any more
    boost::asio::steady_timer* nap = nullptr;
    bool listens = false;  ///< a <Gather> waits for press()
    std::deque<News> outbox;
    bool telling = false;  ///< the outbox is being emptied

    std::string parameter(std::string_view name) const { return find_field(parameters, name).value_or(""); }
    bool is_over() const { return status != "queued" && status != "ringing" && status != "in-progress"; }
    /// Something came up that ends the play's nap.
    bool is_disturbed() const {
        return dropped || !wanted_end.empty() || redirect.has_value() || (listens && !pressed.empty());
    }
    /// As it is from now on.
    void enter(const std::string& next) {
        status = next;
        states.push_back({next, clock});
        updated = current_moment();
    }
    void wake() {
        if (nap) nap->cancel();
    }
};
using CallPointer = std::shared_ptr<PhoneCall>;

struct PhoneMessage {
    std::string sid;
    std::string to;
    std::string from;
    std::string service;  ///< "MG…"; may be empty
    std::string body;
    std::string status = "queued";
    std::string direction = "outbound-api";
    int error_code = 0;
    Fields parameters;
    SmsScript script;
    Moment created;
    Moment updated;
    std::optional<Moment> sent;
    bool dropped = false;
    boost::asio::steady_timer* nap = nullptr;
};
using MessagePointer = std::shared_ptr<PhoneMessage>;

}  // namespace mailrota::fakes
