#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "ctl/incident_commands.h"

namespace mailrota::ctl {

// The part of the command line about incidents and calls: incident, alert, call, import. Lives as long as the
// grammar.
class IncidentCommandLine {
  public:
    // Adds a subcommand with what every one takes: --config and --json.
    using Add = std::function<CLI::App*(CLI::App& to, const char* name, const char* what,
                                        std::function<Exit()> command)>;

    // Both outlive this; `config` is filled in when a command runs.
    IncidentCommandLine(const std::string& config, Console& console) : config_(config), console_(console) {}
    void add_to(CLI::App& app, const Add& add);

  private:
    void add_looking(CLI::App& incident, const Add& add);
    void add_changes(CLI::App& incident, const Add& add);
    void add_open(CLI::App& incident, const Add& add);
    void add_alert(CLI::App& app, const Add& add);
    void add_call(CLI::App& app, const Add& add);
    void add_import(CLI::App& app, const Add& add);
    void add_hand_made(CLI::App& command);

    const std::string& config_;
    Console& console_;
    IncidentListRequest list_;
    IncidentChange change_;
    HandMade hand_made_;
    std::string at_;
    CallRequest call_;
    ImportRequest import_;
};

}  // namespace mailrota::ctl
