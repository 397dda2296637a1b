#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailrota::rig {

/// What becomes of one call. Seconds are those of the play, see FakePhoneAccount::speed.
struct FakeCallScript {
    std::string end = "answered";       ///< or "busy", "no-answer", "failed"
    double ring = 6;                    ///< until it is taken, or busy is told
    std::string answered_by = "human";  ///< or "machine_start", "fax", "unknown": no key is pressed
    /// Pressed at one <Gather> after another: "" nothing, "?" what FakeTwilio::press says when it says it.
    std::vector<std::string> digits = {};
    double press_after = -1;    ///< from the start of <Gather>; negative: when all was said
    double hang_up_after = -1;  ///< from the answer; negative: stays to the end
    std::string sip = {};       ///< SIP response code that is told
    int error_code = 0;         ///< told with the terminal state
    std::string hold = {};      ///< "queued", "ringing", "in-progress": stays there until release()
};

struct FakeSmsScript {
    std::string status = "delivered";  ///< or "undelivered", "failed", "sent"
    int error_code = 0;
    bool hold = false;  ///< stays queued until release()
};

/// How status callbacks go wrong.
struct FakeCallbackFaults {
    double late = 0;                        ///< seconds of the play before each
    int times = 1;                          ///< how often each is sent
    bool reversed = false;                  ///< all of a call at its end, the last first
    std::vector<std::string> dropped = {};  ///< statuses that are never told; "all"
    bool wrong_key = false;
    bool unsigned_posts = false;
    bool altered = false;  ///< a parameter is another than was signed
};

/// What changes at an account; what is empty stays.
struct FakePhoneAccount {
    std::optional<std::string> auth_token = {};
    std::optional<std::string> second_token = {};  ///< a password beside it, while tokens change
    std::optional<std::string> key_secret = {};
    std::optional<std::string> status = {};                   ///< "active", "suspended", "closed"
    std::optional<bool> trial = {};                           ///< only `verified` can be reached
    std::optional<std::vector<std::string>> verified = {};    ///< numbers of people
    std::optional<std::vector<std::string>> numbers = {};     ///< it may call from; an empty list: any
    std::optional<std::map<std::string, int>> refused = {};   ///< number and error code, calls and SMS
    std::optional<double> speed = {};                         ///< seconds of the play in one second
    std::optional<double> calls_a_second = {};                ///< dialled; 0: no limit
    std::optional<std::uint64_t> most_live = {};              ///< beyond which 10004; 0: no limit
    std::optional<std::uint64_t> most_queued = {};            ///< beyond which 22005
    std::optional<std::chrono::milliseconds> latency = {};    ///< before answers to what creates
    std::optional<std::chrono::milliseconds> index_lag = {};  ///< until lists have what is new
    std::optional<std::string> sms_url = {};                  ///< webhook of SMS that come in
    std::optional<FakeCallbackFaults> callbacks = {};
    /// Where public URLs that begin so really lead: "https://mail.example.com" to "http://127.0.0.1:8080" or
    /// "http+unix://%2Frun%2Fweb.sock". The signature and the Host field stay as the public URL says.
    std::optional<std::map<std::string, std::string>> routes = {};
};

/// A request that Twilio made during a call, with our answer.
struct FakeCallEvent {
    std::int64_t at_ms = 0;  ///< since 1970
    std::string method;
    std::string url;
    std::vector<std::pair<std::string, std::string>> parameters;
    int status = 0;  ///< 0: no answer
    std::string type;
    std::string answer;

    std::string parameter(std::string_view name) const;  ///< empty if there is none
};

struct FakeSpoken {
    std::string text;
    std::string language;
    std::string voice;
};

struct FakeCall {
    std::string sid;
    std::string to;
    std::string from;
    std::string status;
    std::string answered_by;
    bool over = false;
    bool told = false;                                            ///< all its callbacks were sent
    int duration = 0;                                             ///< seconds of the play
    std::int64_t created_ms = 0;                                  ///< since 1970
    std::int64_t ended_ms = 0;                                    ///< 0: not over
    std::vector<std::pair<std::string, std::string>> parameters;  ///< as they were sent
    std::vector<std::pair<std::string, double>> states;           ///< and seconds of the play
    std::vector<FakeSpoken> spoken;
    std::vector<std::string> digits;  ///< that were pressed
    std::vector<FakeCallEvent> events;

    std::string parameter(std::string_view name) const;  ///< empty if there is none
    std::string words() const;                           ///< all that was spoken, joined by spaces
};

struct FakeSms {
    std::string sid;
    std::string to;
    std::string from;
    std::string body;
    std::string status;
    std::string direction;  ///< "outbound-api", "inbound", "outbound-reply"
    std::int64_t created_ms = 0;
    std::vector<std::pair<std::string, std::string>> parameters;  ///< as they were sent

    bool is_inbound() const { return direction == "inbound"; }
};

/// An entry of the error log.
struct FakeNotice {
    std::string call_sid;  ///< may be empty
    int code = 0;
    bool warning = false;
    std::string words;
    std::string url;
};

}  // namespace mailrota::rig
