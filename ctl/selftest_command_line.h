#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "ctl/selftest_commands.h"

namespace mailrota::ctl {

// The part of the command line about self-tests. Lives as long as the grammar.
class SelftestCommandLine {
  public:
    // Adds a subcommand with what every one takes: --config and --json.
    using Add = std::function<CLI::App*(CLI::App& to, const char* name, const char* what,
                                        std::function<Exit()> command)>;

    // Both outlive this; `config` is filled in when a command runs.
    SelftestCommandLine(const std::string& config, Console& console) : config_(config), console_(console) {}
    void add_to(CLI::App& app, const Add& add);

  private:
    const std::string& config_;
    Console& console_;
    SelftestRequest request_;
};

}  // namespace mailrota::ctl
