#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mailrota::fakes {

/// What becomes of one call to a number. Seconds are those of the play, which PhoneAccount::speed runs fast.
struct CallScript {
    enum class End { answered, busy, no_answer, failed };

    End end = End::answered;
    double ring = 6;                    ///< seconds until it is taken, or until busy is told
    std::string answered_by = "human";  ///< or machine_start, fax, unknown, …: what detection says
    /// What is pressed at one <Gather> after another: "" nothing, "?" what press() says when it says it.
    std::vector<std::string> digits;
    double press_after = -1;    ///< seconds from the start of <Gather>; negative: when all was said
    double hang_up_after = -1;  ///< seconds from the answer; negative: stays
    std::string sip;            ///< SIP response code that is told; empty: none
    int error_code = 0;         ///< told with the terminal state; 0: none
    std::string hold;           ///< "queued", "ringing" or "in-progress": stays there until release()
};

/// What becomes of an SMS to a number.
struct SmsScript {
    std::string status = "delivered";  ///< or undelivered, failed, sent
    int error_code = 0;
    bool hold = false;  ///< stays queued until release()
};

/// What happens at one number.
struct PhoneScript {
    std::deque<CallScript> calls;  ///< for one call after another, the last for all further ones
    SmsScript sms;
};

/// How status callbacks go wrong.
struct CallbackFaults {
    double late = 0;                ///< seconds before each
    int times = 1;                  ///< how often each is sent
    bool reversed = false;          ///< all of a call when it is over, the last first
    std::set<std::string> dropped;  ///< CallStatus or MessageStatus of those that are never sent; "all"
    bool wrong_key = false;
    bool unsigned_posts = false;
    bool altered = false;  ///< a parameter is another than was signed
};

/// An account with Twilio, how strict it is and how fast its world goes.
struct PhoneAccount {
    std::string sid;           ///< "AC…"
    std::string auth_token;    ///< signs callbacks; is a password too
    std::string second_token;  ///< a password while tokens change; empty: none
    std::string key_sid;       ///< "SK…"
    std::string key_secret;
    std::string status = "active";       ///< or suspended, closed
    bool trial = false;                  ///< only verified numbers can be reached
    std::set<std::string> numbers;       ///< that it may call and write from; empty: any
    std::set<std::string> verified;      ///< numbers of other people
    std::map<std::string, int> refused;  ///< numbers whose calls and messages are refused, and the code
    std::map<std::string, int> refused_calls;
    std::map<std::string, int> refused_messages;
    std::set<std::string> stopped;  ///< numbers that have written STOP, and not START since

    double speed = 1;             ///< seconds of the play in one second
    double calls_a_second = 1;    ///< that are dialled; 0: no limit
    std::uint64_t most_live = 0;  ///< calls not over at once, beyond which creating one is 10004; 0: no limit
    std::uint64_t most_queued = 86'400;
    std::chrono::milliseconds latency{0};    ///< before each answer of a creating request
    std::chrono::milliseconds index_lag{0};  ///< until lists have a call or a message

    std::string sms_url;  ///< where SMS that come in are told; empty: nowhere
    CallbackFaults callbacks;
    std::map<std::string, PhoneScript> scripts;  ///< by number; "" for all others
    /// Where a public URL that begins so really leads, as behind a reverse proxy: "https://mail.example.com"
    /// to "http://127.0.0.1:8080". What is signed and the Host field stay as the URL says.
    std::map<std::string, std::string> routes;
};

}  // namespace mailrota::fakes
