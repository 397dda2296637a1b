#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::bench {

/// One program under measurement, running inside the unit's restrictions with its syncs counted, on a unix
/// socket of its own. The constructor returns when the socket accepts; the destructor ends the program. One
/// owner, one thread.
class Subject {
  public:
    /// One of our programs with this configuration; {socket} and {folder} are filled in.
    static std::unique_ptr<Subject> mailrota(const std::string& name, const std::string& config,
                                             const std::string& program = "mailrota-milter");
    /// A peer of ours: `program` is bench-null-milter or bench-loop-milter, `steps` the SMFIP_* bits that it
    /// asks for.
    static std::unique_ptr<Subject> peer(const std::string& name, const std::string& program,
                                         std::uint32_t steps, bool with_edits);

    // libmilter takes seconds to end by itself.
    ~Subject();
    Subject(const Subject&) = delete;

    const std::string& name() const { return name_; }
    std::string socket() const { return "unix:" + socket_path().string(); }
    pid_t pid() const { return process_->pid(); }
    std::string log() const;  ///< what it has said so far
    std::uint64_t syncs() const;
    /// What a filter negotiates when everything is offered.
    std::uint32_t steps() const;

  private:
    explicit Subject(std::string name);
    void start(std::vector<std::string> argv);
    std::filesystem::path socket_path() const { return folder_ / "socket"; }

    std::string name_;
    rig::TemporaryFolder folder_;
    std::unique_ptr<rig::Process> process_;
};

/// The figures of `messages` messages that `work` sends through the subject. The subject has nothing else to
/// do meanwhile.
Figures measure(const Subject& subject, int messages, const std::function<void()>& work);

}  // namespace mailrota::bench
