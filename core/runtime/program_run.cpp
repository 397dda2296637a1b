#include "core/runtime/program_run.h"

#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace mailrota::runtime {
namespace {

constexpr std::size_t longest_words = 1000;

// A file in memory: the program reads and writes at its own pace and nobody waits for a pipe.
class MemoryFile {
  public:
    explicit MemoryFile(std::string_view bytes) : number_(memfd_create("mailrota", MFD_CLOEXEC)) {
        while (!bytes.empty()) {
            const ssize_t count = write(number_, bytes.data(), bytes.size());
            if (count <= 0) break;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        good_ = bytes.empty() && number_ >= 0 && lseek(number_, 0, SEEK_SET) == 0;
    }
    ~MemoryFile() {
        if (number_ >= 0) close(number_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    bool good() const { return good_; }
    int number() const { return number_; }
    std::string start() const {
        std::string text(longest_words, '\0');
        const ssize_t count = pread(number_, text.data(), text.size(), 0);
        text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
        return text;
    }

  private:
    int number_;
    bool good_ = false;
};

// Starts the program with these files, as a group of its own.
Result<pid_t> start(const std::string& program, const std::vector<std::string>& arguments,
                    const MemoryFile& input, const MemoryFile& words) {
    std::vector<char*> pointers{const_cast<char*>(program.c_str())};
    for (const std::string& each : arguments) pointers.push_back(const_cast<char*>(each.c_str()));
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, words.number(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, words.number(), STDERR_FILENO);
    posix_spawnattr_t attributes;  // our blocked signals are not its own
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    pid_t process = 0;
    const int fault = posix_spawn(&process, program.c_str(), &files, &attributes, pointers.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (fault != 0) return unavailable(program + " cannot be started: " + std::strerror(fault));
    return process;
}

int wait_for(pid_t process, std::chrono::milliseconds within) {
    const int handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    pollfd ended{handle, POLLIN, 0};
    if (handle >= 0 && poll(&ended, 1, static_cast<int>(within.count())) == 0) kill(-process, SIGKILL);
    if (handle >= 0) close(handle);
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EX_TEMPFAIL;
}

}  // namespace

Result<ProgramEnd> run_program(const std::string& program, const std::vector<std::string>& arguments,
                               std::string_view input, std::chrono::milliseconds within) {
    const MemoryFile content(input);
    const MemoryFile words("");
    if (!content.good() || !words.good())
        return unavailable(program + " cannot be started: no memory for its input");
    const auto process = start(program, arguments, content, words);
    if (!process) return tl::unexpected(process.error());
    const int exit_code = wait_for(*process, within);  // before its words are read
    return ProgramEnd{exit_code, words.start()};
}

}  // namespace mailrota::runtime
