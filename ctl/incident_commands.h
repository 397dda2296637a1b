#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ctl/console.h"

// The commands of mailrota(1) about incidents and calls, one function each, as in commands.h.
namespace mailrota::ctl {

struct IncidentListRequest {
    std::string config_file;
    std::string alert;       // empty: of any
    bool with_over = false;  // also those that are resolved or whose window has ended
    std::size_t limit = 100;
};
// The newest first.
Exit incident_list(const IncidentListRequest& request, Console& console);

// One incident: how it stands, what is spoken, who was called or written to, and all that happened.
Exit incident_show(const std::string& config_file, std::int64_t number, Console& console);

struct IncidentChange {
    std::string config_file;
    std::vector<std::int64_t> numbers;
    std::string by;  // who does it; empty: whoever is logged in, "at the console"
};
// Calls that ring stop at once, and nobody else is called. One that somebody has taken on, or that is over,
// stays as it is, which is told.
Exit incident_ack(const IncidentChange& change, Console& console);
Exit incident_resolve(const IncidentChange& change, Console& console);

// What an incident that somebody opens by hand says.
struct HandMade {
    std::string config_file;
    std::string alert;
    std::string key;  // empty: as the alert's template says, else what the message says
    std::string message;
    std::vector<std::string> set;  // "ticket=4711": the alert's templates speak, with these for captures and
                                   // the message for a subject; none: the message itself is spoken
    std::string by;                // as above
};
// Opens an incident and calls whoever is on call. If there is a live one of the same key, nobody else is
// called, which is told.
Exit incident_open(const HandMade& request, Console& console);
// What would be spoken to whom and when if nobody reacted; `at` as people type it, empty: now. Changes
// nothing.
Exit alert_rehearse(const HandMade& request, const std::string& at, Console& console);

struct CallRequest {
    std::string config_file;
    std::string number;   // E.164
    std::string account;  // empty: the first of calls.accounts
    bool sms = false;     // an SMS instead of a call
};
// Calls the number, or writes to it, says what comes of it as it comes, and unbars the number if it was
// reached.
Exit call_try(const CallRequest& request, Console& console);

struct ImportRequest {
    std::string file;               // a procmailrc
    std::vector<std::string> vars;  // files of variables: main.yml, phones.sh
};
// Prints the recipes that pipe to a program as TOML, and on console.err, line by line, what could not be
// turned.
Exit import_procmail(const ImportRequest& request, Console& console);

}  // namespace mailrota::ctl
