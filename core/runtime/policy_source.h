#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/snapshot.h"

namespace mailrota::runtime {

// One loaded configuration with its number. Sessions hold it by shared_ptr; how many still hold an old one
// can be counted.
struct Generation {
    std::uint64_t number = 0;
    config::Config config;
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<std::atomic<int>> sessions = std::make_shared<std::atomic<int>>(0);
};

// Reads a whole file; the error (`unavailable`) names it and says what the system said.
Result<std::string> read_file(const std::string& path);

// The configuration file and the policy made from it, replaced whole on reload. Thread-safe; a reload blocks
// on the disk, current() never does.
class PolicySource {
  public:
    // Reads the file; the error holds every diagnostic, a line each.
    static Result<std::unique_ptr<PolicySource>> open(const std::string& file);

    std::shared_ptr<const Generation> current() const { return current_.get(); }
    // Reads file and lists again. A configuration with errors leaves the current one in place and is returned
    // as the error. Settings of programs, sockets, store and log that changed are named in the
    // diagnostics: they wait for a restart.
    struct Reloaded {
        bool succeeded = false;
        std::uint64_t generation = 0;  // the one in effect
        std::vector<config::Diagnostic> diagnostics;
    };
    Reloaded reload();
    // Reads the lists again for the configuration in effect; what the file says by now is not looked at, so
    // that a list's change does not put a half-written configuration into effect.
    Reloaded reload_lists();
    // Whether a named list's file differs (by inode, size or time) from what was read: then reload_lists() is
    // worth while.
    bool lists_changed() const;
    // Warnings of the first load.
    const std::vector<config::Diagnostic>& diagnostics() const { return diagnostics_; }

  private:
    // What tells one state of a file from another; nothing while it cannot be looked at.
    struct Stamp {
        std::uint64_t device = 0, inode = 0, size = 0;
        std::int64_t modified = 0, changed = 0;  // ns since 1970
        bool operator==(const Stamp&) const = default;
    };
    using Stamps = std::map<std::string, std::optional<Stamp>>;
    // A configuration as it was read, with the lists' stamps from just before they were read.
    struct Reading {
        std::string text;
        config::Loaded loaded;
        Stamps stamps;
    };

    explicit PolicySource(std::string file, Reading reading);
    static std::optional<Stamp> stamp(const std::string& path);
    static Reading read(std::string text, const std::string& file);
    Reloaded take(Reading reading);

    std::string file_;
    config::Config started_;  // with what the program was started
    std::vector<config::Diagnostic> diagnostics_;
    mutable std::mutex reloading_;  // guards what follows
    std::string text_;
    Stamps stamps_;
    Snapshot<Generation> current_;
};

}  // namespace mailrota::runtime
