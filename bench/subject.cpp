#include "bench/subject.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "tests/rig/connection.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/milter_client.h"
#include "tests/rig/wait.h"

namespace mailrota::bench {

namespace {

std::string filled_in(std::string text, const std::string& placeholder, const std::string& value) {
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
        text.replace(at, placeholder.size(), value);
    return text;
}

}  // namespace

Subject::Subject(std::string name) : name_(std::move(name)) {
    rig::write_file(folder_ / "syncs", std::string(sizeof(std::uint64_t), '\0'));
}

Subject::~Subject() {
    if (process_) process_->kill(SIGKILL);
}

std::unique_ptr<Subject> Subject::mailrota(const std::string& name, const std::string& config,
                                           const std::string& program) {
    std::unique_ptr<Subject> subject(new Subject(name));
    auto text = filled_in(config, "{socket}", subject->socket());
    text = filled_in(text, "{folder}", subject->folder_.path().string());
    rig::write_file(subject->folder_ / "mailrota.toml", text);
    rig::write_file(subject->folder_ / "secret", "a secret of nobody\n");
    subject->start(
        {rig::program(program).string(), "--config", (subject->folder_ / "mailrota.toml").string()});
    return subject;
}

std::unique_ptr<Subject> Subject::peer(const std::string& name, const std::string& program,
                                       std::uint32_t steps, bool with_edits) {
    std::unique_ptr<Subject> subject(new Subject(name));
    std::vector<std::string> argv = {rig::program(program).string(), subject->socket(),
                                     fmt::format("{:x}", steps)};
    if (with_edits) argv.push_back("--edit");
    subject->start(std::move(argv));
    return subject;
}

void Subject::start(std::vector<std::string> argv) {
    argv.insert(argv.begin(), rig::program("bench-sandbox").string());
    rig::Command command;
    command.argv = std::move(argv);
    command.environment = {"LD_PRELOAD=" + rig::program("libbench-sync-count.so").string(),
                           "BENCH_SYNC_COUNT=" + (folder_ / "syncs").string()};
    command.output = folder_ / "output.log";
    process_ = std::make_unique<rig::Process>(command);
    if (!rig::wait_until([this] { return rig::accepts(socket()) || !process_->running(); }) ||
        !process_->running())
        throw std::runtime_error(name_ + " did not start:\n" + rig::read_file(folder_ / "output.log"));
    // Postfix's daemons are not root.
    std::filesystem::permissions(socket_path(), std::filesystem::perms(0777));
}

std::string Subject::log() const {
    return rig::read_file(folder_ / "output.log") + rig::read_file(folder_ / "mailrota.log");
}

std::uint64_t Subject::syncs() const {
    std::uint64_t count = 0;
    const auto bytes = rig::read_file(folder_ / "syncs");
    std::memcpy(&count, bytes.data(), std::min(sizeof count, bytes.size()));
    return count;
}

std::uint32_t Subject::steps() const { return rig::MilterClient::to(socket()).steps(); }

Figures measure(const Subject& subject, int messages, const std::function<void()>& work) {
    const double cpu = cpu_seconds(subject.pid());
    const auto syncs = subject.syncs();
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    return {wall.count(), cpu_seconds(subject.pid()) - cpu, static_cast<double>(subject.syncs() - syncs),
            messages};
}

}  // namespace mailrota::bench
