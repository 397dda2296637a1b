#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/console.h"

// One function a command of mailrota(1). Each prints its answer to console.out, as a table or as JSON.
namespace mailrota::ctl {

// Prints every diagnostic of the configuration. Touches neither store nor socket.
Exit check(const std::string& config_file, Console& console);

struct ExplainQuestion {
    std::string config_file;
    std::string message;                  // a file, or "-" for standard input
    std::optional<std::string> sender;    // default: Return-Path, else From
    std::vector<std::string> recipients;  // default: To and Cc
    std::string client_ip;
    std::string auth_user;
    std::string listener;           // default: the first of the configuration
    std::optional<std::string> at;  // default: now
    bool local = false;             // handed in by sendmail(1)
};
// What would be done with a mail, and why. Changes nothing.
Exit explain(const ExplainQuestion& question, Console& console);

// Who is in a rota (of every rota if `name` is empty), who is available, who is next.
Exit rota_show(const std::string& config_file, const std::string& name, Console& console);

struct PauseRequest {
    std::string config_file;
    std::string rota;
    std::string member;                  // id, or its local part if only one member has it
    std::optional<std::string> lasting;  // "2h"
    std::optional<std::string> until;    // a time; neither: until resumed
};
// Takes a member out of turn.
Exit rota_pause(const PauseRequest& request, Console& console);
// Puts the member back; says so if the configuration pauses it too.
Exit rota_resume(const PauseRequest& request, Console& console);

// Who got what, the newest first (of every rota if `name` is empty).
Exit rota_history(const std::string& config_file, const std::string& name, std::size_t limit,
                  Console& console);

// The whole story of a mail, by our id (8 digits of it or more), the MTA's queue id or the Message-ID; of the
// newest 20 if several fit.
Exit message_show(const std::string& config_file, const std::string& id, Console& console);

// The worker's jobs, the oldest first, at most `limit`; those that are done only if `with_done`.
Exit job_list(const std::string& config_file, bool with_done, std::size_t limit, Console& console);
// One job, and the head of what it sends; never a body.
Exit job_show(const std::string& config_file, std::int64_t id, Console& console);
// Makes jobs due now, with all their time before them again. A job that is done, or that a worker has, stays
// as it is, which is told.
Exit job_retry(const std::string& config_file, const std::vector<std::int64_t>& ids, Console& console);
// Forgets jobs, done or not; says who does not get the mail. A job that a worker has stays.
Exit job_drop(const std::string& config_file, const std::vector<std::int64_t>& ids, Console& console);

// How much waits in each box of the configuration.
Exit box_list(const std::string& config_file, Console& console);
// The same of one box with its leases and, at most `limit`, what goes next.
Exit box_show(const std::string& config_file, const std::string& name, std::size_t limit, Console& console);

// Which running programs are asked and where: at `socket`, or if that is empty where the configuration says.
struct Running {
    std::string config_file;
    std::string socket;
    std::string program;  // "milter", "lmtp", "web", "worker"; empty: each that has a control socket
};
// What the running programs say of themselves. Of one that is asked by itself the JSON is its own; of several
// it has a member for each.
Exit status(const Running& running, Console& console);
// Makes the running programs read their configuration and lists again.
Exit reload(const Running& running, Console& console);
// The running programs' counters, as Prometheus reads them (of one at a time).
Exit metrics(const Running& running, Console& console);

// Every setting of the configuration; `as_manual`: as the section of mailrota.toml(5) in roff.
Exit settings(bool as_manual, Console& console);

Exit version(Console& console);

}  // namespace mailrota::ctl
