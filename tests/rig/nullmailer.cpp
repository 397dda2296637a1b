#include "tests/rig/nullmailer.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

fs::path unpacked_package() {
    const char* given = std::getenv("MAILROTA_NULLMAILER_ROOT");
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const fs::path root =
        given != nullptr ? fs::path(given)
                         : fs::path(cache != nullptr ? cache : "/var/cache") / "mailrota-tests/nullmailer";
    if (fs::exists(root / "usr/sbin/nullmailer-send")) return root;
    throw std::runtime_error("nullmailer is not unpacked in " + root.string() +
                             "; run `tools/install-dependencies test` or set MAILROTA_NULLMAILER_ROOT");
}

/// What the program loads, as ldd tells it: every absolute path in its lines.
std::vector<fs::path> libraries_of(const fs::path& program) {
    std::istringstream words(run_or_throw({"ldd", program}));
    std::vector<fs::path> libraries;
    for (std::string word; words >> word;)
        if (word.starts_with('/')) libraries.emplace_back(word);
    return libraries;
}

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

Nullmailer::Nullmailer(int smtp_port, int pause) {
    make_root();
    const fs::path etc = folder_ / "root/etc";
    write_file(etc / "passwd", "root:x:0:0:root:/:/bin/sh\nmail:x:8:8:mail:/:/bin/sh\n");
    write_file(etc / "group", "root:x:0:\nmail:x:8:\n");
    write_file(etc / "nsswitch.conf", "passwd: files\nhosts: files\n");
    write_file(etc / "hosts", "127.0.0.1 localhost\n");
    write_file(etc / "mailname", "web.example.com\n");
    write_file(etc / "nullmailer/remotes", "127.0.0.1 smtp port=" + std::to_string(smtp_port) + "\n");
    write_file(etc / "nullmailer/pausetime", std::to_string(pause) + "\n");
    write_file(etc / "nullmailer/maxpause", std::to_string(pause) + "\n");
    write_file(etc / "nullmailer/sendtimeout", "60\n");
    Command command;
    command.argv = {"chroot", folder_ / "root", "/usr/sbin/nullmailer-send"};
    command.output = folder_ / "send.log";
    send_.emplace(command);
}

void Nullmailer::make_root() const {
    const fs::path package = unpacked_package();
    for (const char* folder : {"etc/nullmailer", "dev", "tmp", "var/spool/nullmailer/queue",
                               "var/spool/nullmailer/tmp", "var/spool/nullmailer/failed"})
        fs::create_directories(folder_ / "root" / folder);
    for (const char* program :
         {"usr/sbin/nullmailer-send", "usr/sbin/nullmailer-queue", "usr/sbin/sendmail",
          "usr/bin/nullmailer-inject", "usr/bin/nullmailer-dsn", "usr/lib/nullmailer/smtp"})
        copy_program(package, program);
    const fs::path null = folder_ / "root/dev/null";
    const fs::path trigger = spool() / "trigger";
    if (mknod(null.c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0 || mkfifo(trigger.c_str(), 0622) != 0)
        throw std::runtime_error("nullmailer's root cannot be made in " + folder_.path().string() +
                                 ": root is needed");
}

void Nullmailer::copy_program(const fs::path& package, const std::string& path) const {
    const auto copy = [&](const fs::path& from, const fs::path& to) {
        fs::create_directories(to.parent_path());
        fs::copy_file(from, to, fs::copy_options::skip_existing);
    };
    copy(package / path, folder_ / "root" / path);
    for (const fs::path& library : libraries_of(package / path))
        copy(library, folder_ / "root" / library.relative_path());
}

RunResult Nullmailer::sendmail(const std::string& sender, const std::vector<std::string>& recipients,
                               const std::string& text) const {
    std::vector<std::string> argv{"chroot", folder_ / "root", "/usr/sbin/sendmail", "-f", sender, "--"};
    argv.insert(argv.end(), recipients.begin(), recipients.end());
    return run(argv, text);
}

std::size_t Nullmailer::queued() const { return files_in(spool() / "queue"); }

std::size_t Nullmailer::failed() const { return files_in(spool() / "failed"); }

bool Nullmailer::wait_for_empty_queue(std::chrono::milliseconds deadline) const {
    return wait_until([&] { return queued() == 0; }, deadline);
}

}  // namespace mailrota::rig
