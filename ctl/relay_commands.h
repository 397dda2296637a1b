#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/console.h"

// The commands of mailrota(1) on what is relayed through providers: one function each, as in commands.h.
namespace mailrota::ctl {

// Every provider of the configuration: its rotas, whether mail goes to it now, whether it sends events.
Exit provider_list(const std::string& config_file, Console& console);

// What is remembered of a provider (of each if `name` is empty): its breakers, of mail from single domains
// too, the last fault in the provider's words, which rotas keep to it.
Exit provider_status(const std::string& config_file, const std::string& name, Console& console);

// Asks providers something harmless with their keys; by SMTP: TLS, login, QUIT. Every one if `names` is
// empty. No mail is sent and nothing is written: a breaker stays as it is.
Exit provider_try(const std::string& config_file, const std::vector<std::string>& names, Console& console);

// Closes the provider's breakers, so that mail goes to it at once.
Exit provider_reset(const std::string& config_file, const std::string& name, Console& console);

struct EventRequest {
    std::string config_file;
    std::string provider;              // empty: any
    std::string recipient;             // empty: any
    std::optional<std::string> type;   // in the normal form: "bounced"
    std::optional<std::string> since;  // a time
    std::size_t limit = 0;
    std::string mail;                // replay: our id, the MTA's queue id, the Message-ID; or empty
    std::vector<std::int64_t> seqs;  // replay; or empty
};
// What providers told of mails, the newest first.
Exit event_list(const EventRequest& request, Console& console);
// Makes events new again: the worker settles them once more and hands them on. One of `mail`, `seqs` and
// `since` says which.
Exit event_replay(const EventRequest& request, Console& console);

// Whom no provider is to send to, in order of addresses.
Exit suppression_list(const std::string& config_file, const std::string& after, std::size_t limit,
                      Console& console);

struct SuppressionRequest {
    std::string config_file;
    std::vector<std::string> addresses;
    std::string reason = "manual";
    std::string note;  // said with the reason; may be empty
    std::string file;  // import: "-" for standard input
};
Exit suppression_add(const SuppressionRequest& request, Console& console);
Exit suppression_remove(const SuppressionRequest& request, Console& console);
// Adds the addresses of a file: one a line, or CSV with a header that names the column.
Exit suppression_import(const SuppressionRequest& request, Console& console);

}  // namespace mailrota::ctl
