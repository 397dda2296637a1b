#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/policy/rota.h"

namespace mailrota::policy {

using Instant = std::chrono::sys_seconds;

// One call or SMS to one member. Known by its id, which is written down before the request goes out and is
// carried in it.
struct Contact {
    using Way = ContactWay;
    enum class State : std::uint8_t {
        waiting,    // nothing went out yet
        begun,      // the request may have gone out
        placed,     // the provider has it: queued, ringing, talking
        done,       // over, and it was answered or delivered
        unreached,  // over: busy, no answer, failed
        barred,     // over: this number cannot be called at all (not a number, blacklisted)
        cancelled,  // over: not needed any more
    };

    std::string id;  // 32 hexadecimal digits, random: also the secret part of its URLs
    std::int64_t incident = 0;
    int escalation = 1;  // Incident::escalations at the time
    int attempt = 0;     // Progress::attempt at the time
    Way way = Way::call;
    std::string member;    // id
    std::string number;    // E.164, as dialled
    std::string language;  // "en-US"; may be empty
    std::string voice;     // may be empty
    State state = State::waiting;
    std::string account;      // that carried it; empty before that
    std::string provider_id;  // "CA…"; opaque
    std::string status;       // the provider's last word: "ringing", "completed"
    int sequence = -1;        // of the last callback that counted
    bool human = false;       // a key was pressed or a message came back
    std::string answered_by;  // "human", "machine_start" …; may be empty
    int tries = 0;            // requests that may have gone out
    Instant made{};
    Instant begun{};
    Instant ended{};
    std::string words;  // why it ended so, one line

    bool over() const { return state >= State::done; }
    bool operator==(const Contact&) const = default;
};
std::string_view to_string(Contact::Way way);
std::string_view to_string(Contact::State state);

}  // namespace mailrota::policy
