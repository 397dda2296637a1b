#pragma once

#include <signal.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// A program of ours that is killed and started again with the same files. Not thread-safe.
class Victim {
  public:
    Victim(std::string name, Command command) : name_(std::move(name)), command_(std::move(command)) {}

    const std::string& name() const { return name_; }
    pid_t pid() const { return process_ ? process_->pid() : 0; }
    bool running() const { return process_ && process_->running(); }
    int kills() const { return kills_; }

    /// Does not wait until it serves.
    void start() { process_.emplace(command_); }
    /// SIGKILL; returns the process that is no more.
    pid_t kill9() {
        process_->kill(SIGKILL);
        return bury();
    }
    /// Waits for a process that somebody else ended; as kill9().
    pid_t bury() {
        const pid_t dead = process_->pid();
        if (!process_->wait(std::chrono::seconds(30))) throw std::runtime_error(name_ + " does not die");
        process_.reset();
        ++kills_;
        return dead;
    }
    /// SIGTERM and the exit code.
    int stop() { return process_->stop(std::chrono::seconds(30)); }
    std::string log() const { return read_file(command_.output); }

  private:
    std::string name_;
    Command command_;
    std::optional<Process> process_;
    int kills_ = 0;
};

}  // namespace mailrota::rig
