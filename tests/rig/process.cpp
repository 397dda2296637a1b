#include "tests/rig/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

/// A file descriptor that closes itself.
struct Descriptor {
    explicit Descriptor(int opened, const char* what) : number(opened) {
        if (number < 0) throw std::system_error(errno, std::generic_category(), what);
    }
    ~Descriptor() { close(number); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

std::string name_of(const std::string& assignment) { return assignment.substr(0, assignment.find('=') + 1); }

std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
    std::vector<std::string> result = added;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string inherited = *entry;
        bool replaced = false;
        for (const auto& assignment : added) replaced = replaced || name_of(assignment) == name_of(inherited);
        if (!replaced) result.push_back(inherited);
    }
    return result;
}

/// The child leads a group of its own and starts with no signal blocked or ignored.
void set_attributes(posix_spawnattr_t& attributes) {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

pid_t spawn(const Command& command, const std::array<int, 3>& standard) {
    std::vector<std::string> arguments = command.argv;
    std::vector<std::string> environment = merged_environment(command.environment);
    posix_spawnattr_t attributes;
    set_attributes(attributes);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int number = 0; number < 3; ++number)
        posix_spawn_file_actions_adddup2(&actions, standard[static_cast<size_t>(number)], number);
    if (!command.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, arguments.at(0).c_str(), &actions, &attributes,
                                   pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) throw std::system_error(error, std::generic_category(), "cannot start " + arguments[0]);
    return pid;
}

std::optional<int> peek_exit_code(pid_t pid) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return {};
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

int output_descriptor(const Command& command) {
    const char* path = command.output.empty() ? "/dev/null" : command.output.c_str();
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

std::string contents(int descriptor) {
    std::string result(static_cast<size_t>(lseek(descriptor, 0, SEEK_END)), '\0');
    size_t have = 0;
    while (have < result.size()) {
        const auto got =
            pread(descriptor, result.data() + have, result.size() - have, static_cast<off_t>(have));
        if (got <= 0) break;
        have += static_cast<size_t>(got);
    }
    result.resize(have);
    return result;
}

void fill(int descriptor, const std::string& text) {
    size_t written = 0;
    while (written < text.size()) {
        const auto put = write(descriptor, text.data() + written, text.size() - written);
        if (put < 0)
            throw std::system_error(errno, std::generic_category(), "cannot keep the input of a program");
        written += static_cast<size_t>(put);
    }
    lseek(descriptor, 0, SEEK_SET);
}

}  // namespace

Process::Process(const Command& command) {
    const Descriptor input(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null");
    const Descriptor output(output_descriptor(command), "cannot open the output of a program");
    pid_ = spawn(command, {input.number, output.number, output.number});
}

Process::~Process() {
    if (pid_ != 0) stop(std::chrono::seconds(5));
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), ended_with_(other.ended_with_) {}

Process& Process::operator=(Process&& other) noexcept {
    if (pid_ != 0 && this != &other) stop(std::chrono::seconds(5));
    ended_with_ = other.ended_with_;
    pid_ = std::exchange(other.pid_, 0);
    return *this;
}

std::optional<int> Process::exit_code() const {
    return pid_ == 0 ? std::optional(ended_with_) : peek_exit_code(pid_);
}

void Process::kill(int signal) const {
    if (pid_ != 0) ::kill(pid_, signal);
}

std::optional<int> Process::wait(std::chrono::milliseconds deadline) const {
    wait_until([this] { return !running(); }, deadline);
    return exit_code();
}

int Process::stop(std::chrono::milliseconds grace) {
    if (pid_ == 0) return ended_with_;
    kill(SIGTERM);
    wait(grace);
    end_group();
    return ended_with_;
}

void Process::end_group() {
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    ended_with_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = 0;
}

RunResult run(const Command& command, const std::string& input, std::chrono::milliseconds deadline) {
    const Descriptor in(memfd_create("stdin", MFD_CLOEXEC), "memfd_create");
    const Descriptor out(memfd_create("stdout", MFD_CLOEXEC), "memfd_create");
    const Descriptor err(memfd_create("stderr", MFD_CLOEXEC), "memfd_create");
    fill(in.number, input);
    const pid_t pid = spawn(command, {in.number, out.number, err.number});
    const bool ended = wait_until([pid] { return peek_exit_code(pid).has_value(); }, deadline);
    if (!ended) ::kill(-pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!ended) throw std::runtime_error(command.argv[0] + " has not ended in time: " + contents(err.number));
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, contents(out.number), contents(err.number)};
}

RunResult run(const std::vector<std::string>& argv, const std::string& input) {
    Command command;
    command.argv = argv;
    return run(command, input);
}

std::string run_or_throw(const std::vector<std::string>& argv, const std::string& input) {
    const RunResult result = run(argv, input);
    if (result.exit_code == 0) return result.output;
    std::string line;
    for (const auto& word : argv) line += word + ' ';
    throw std::runtime_error(line + "ended with " + std::to_string(result.exit_code) + ": " + result.errors +
                             result.output);
}

}  // namespace mailrota::rig
