#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/alert.h"
#include "core/policy/incident.h"

namespace mailrota::policy {

// How far a self-test has come along the chain.
enum class Reached : std::uint8_t {
    nothing,       // its mail has not been taken by the MTA
    submitted,     // the MTA took it
    received,      // a listener of ours had it (milters keep no journal: of them this is not known)
    raised,        // its incident was opened
    sent,          // a provider accepted a call or an SMS
    delivered,     // a call was answered, or an SMS went out to the network
    acknowledged,  // somebody took it on
};
std::string_view to_string(Reached reached);

// [selftest.NAME]: a mail of ours that goes the whole way, and what is done when it does not come through.
// Immutable; made by core/config.
struct Selftest {
    std::string name;
    std::string to;    // whom the mail is submitted to
    std::string from;  // its sender; empty: the null sender, as of our notices
    std::string subject = "[Self-test {token}] Nobody has to do anything";          // (template)
    std::string text = "This is self-test {selftest}. Nobody has to do anything.";  // (template) the body
    std::string alert;  // whose incident is expected, with the token in its key
    Heartbeat due;      // when: its `every`, `by`, `days` and `zone` count, nothing else of it
    std::chrono::seconds within{900};
    Reached proof = Reached::delivered;  // raised, sent, delivered or acknowledged: it has come through
    std::string alarm;                   // the alert that is raised when it has not; may be empty
    std::vector<std::string> tell;       // addresses that are told by mail then; not empty without an alarm
};

// The templates of its mail filled: {token} and {selftest}. Any other brace stands as it was written.
std::string fill_selftest(std::string_view text, const Selftest& selftest, std::string_view token);

// What can be seen of one run.
struct ChainSight {
    std::string submitted;             // what the MTA said when it took the mail; empty: it has not
    std::string trouble;               // why the mail was not taken, the last time that it was tried
    bool refused = false;              // that was for good
    std::string received;              // where it came in: "listener lmtp as 4XyZ"; empty: not known
    std::optional<Incident> incident;  // of the alert, with the token in its key
    std::vector<Contact> contacts;     // of the incident, the oldest first
};
Reached reached(const ChainSight& sight);
// The point that was reached last and what is missing after it, in one sentence without its full stop: "the
// MTA took the mail (250 2.0.0 Ok), but no incident of alert "self-test" was opened".
std::string standing(const Selftest& selftest, const ChainSight& sight);

// What is to be said of a run that began then.
enum class Verdict : std::uint8_t { waits, passed, failed };
// It has passed when the proof is there, even late: whoever looked late is no fault of the chain. It has
// failed when `within` is over, when the mail was refused for good, or when its incident was resolved before.
// Pure.
Verdict judge(const Selftest& selftest, const ChainSight& sight, Instant begun, Instant now);

// What a self-test that failed raises. {selftest} in the alert's templates is its name, {reason} what
// standing() says. A key that fills to nothing is the name too; in a key {reason} is nothing, so that the
// next run that comes through finds the incident and resolves it.
Trigger failed(const Selftest& selftest, const Alert& alarm, std::string_view reason);

}  // namespace mailrota::policy
