#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ctl/relay_commands.h"

namespace mailrota::ctl {

// The part of the command line's grammar that is about providers, with what it was given. Outlives the
// parsing and the command.
class RelayCommandLine {
  public:
    // Adds a command to a group of them, with the options that all have.
    using Add =
        std::function<CLI::App*(CLI::App& to, const char* name, const char* what, std::function<Exit()>)>;

    // `config` is the file as it will have been parsed.
    RelayCommandLine(const std::string& config, Console& console) : config_(config), console_(console) {}
    RelayCommandLine(const RelayCommandLine&) = delete;

    void add_to(CLI::App& app, const Add& add);

  private:
    void add_providers(CLI::App& app, const Add& add);
    void add_events(CLI::App& app, const Add& add);
    void add_suppressions(CLI::App& app, const Add& add);

    const std::string& config_;
    Console& console_;
    std::string provider_;
    std::vector<std::string> providers_;
    EventRequest events_;
    std::size_t shown_events_ = 100;
    std::size_t most_replayed_ = 10'000;
    SuppressionRequest suppressions_;
    std::string after_;
    std::size_t shown_suppressions_ = 100;
};

}  // namespace mailrota::ctl
