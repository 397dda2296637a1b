#include "core/runtime/policy_source.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace mailrota::runtime {
namespace {

using config::Diagnostic;

std::int64_t nanoseconds(const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::string lines(const std::vector<Diagnostic>& diagnostics) {
    std::string all;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!all.empty()) all += '\n';
        all += diagnostic.to_string();
    }
    return all;
}

std::shared_ptr<const Generation> generation(std::uint64_t number, config::Loaded loaded) {
    auto made = std::make_shared<Generation>();
    made->number = number;
    made->config = std::move(*loaded.config);
    made->policy = std::move(loaded.policy);
    return made;
}

// Tells what a running program cannot change.
void name_changed(const config::Config& started, const config::Config& now, std::vector<Diagnostic>& into) {
    const auto compare = [&](const auto& before, const auto& after, const char* key) {
        if (before == after) return;
        into.push_back({Diagnostic::Severity::warning, now.file, 0, key,
                        "differs from what the program was started with", "restart to put it into effect"});
    };
    compare(started.store, now.store, "store");
    compare(started.listeners, now.listeners, "listener");
    compare(started.hostname, now.hostname, "hostname");
    compare(started.lmtp, now.lmtp, "lmtp");
    compare(started.web, now.web, "web");
    compare(started.worker, now.worker, "worker");
    compare(started.control, now.control, "control");
    compare(started.log, now.log, "log");
}

Diagnostic unreadable(const std::string& file, const Error& error) {
    return {Diagnostic::Severity::error, file, 0, "", error.text, ""};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return unavailable(path + ": " + std::strerror(errno));
    std::string text;
    std::array<char, 65536> piece{};
    while (file.read(piece.data(), piece.size()), file.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return unavailable(path + ": " + std::strerror(errno));
    return text;
}

Result<std::unique_ptr<PolicySource>> PolicySource::open(const std::string& file) {
    auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    Reading reading = read(std::move(*text), file);
    if (!reading.loaded.ok()) return invalid(lines(reading.loaded.diagnostics));
    return std::unique_ptr<PolicySource>(new PolicySource(file, std::move(reading)));
}

PolicySource::PolicySource(std::string file, Reading reading)
    : file_(std::move(file)),
      started_(*reading.loaded.config),
      diagnostics_(reading.loaded.diagnostics),
      text_(std::move(reading.text)),
      stamps_(std::move(reading.stamps)),
      current_(generation(1, std::move(reading.loaded))) {}

std::optional<PolicySource::Stamp> PolicySource::stamp(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return Stamp{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                 nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

// A list is looked at before it is read: a change in between is seen as a change later.
PolicySource::Reading PolicySource::read(std::string text, const std::string& file) {
    Reading reading;
    reading.text = std::move(text);
    reading.loaded = config::load(reading.text, file, [&](const std::string& path) {
        reading.stamps.insert_or_assign(path, stamp(path));
        return read_file(path);
    });
    return reading;
}

PolicySource::Reloaded PolicySource::reload() {
    std::lock_guard lock(reloading_);
    auto text = read_file(file_);
    if (!text) return {false, current()->number, {unreadable(file_, text.error())}};
    return take(read(std::move(*text), file_));
}

PolicySource::Reloaded PolicySource::reload_lists() {
    std::lock_guard lock(reloading_);
    return take(read(text_, file_));
}

PolicySource::Reloaded PolicySource::take(Reading reading) {
    const std::uint64_t number = current()->number;
    Reloaded reloaded{false, number, std::move(reading.loaded.diagnostics)};
    if (!reading.loaded.ok()) return reloaded;
    name_changed(started_, *reading.loaded.config, reloaded.diagnostics);
    current_.set(generation(number + 1, std::move(reading.loaded)));
    text_ = std::move(reading.text);
    stamps_ = std::move(reading.stamps);
    reloaded.succeeded = true;
    reloaded.generation = number + 1;
    return reloaded;
}

bool PolicySource::lists_changed() const {
    std::lock_guard lock(reloading_);
    for (const auto& [path, seen] : stamps_) {
        if (stamp(path) != seen) return true;
    }
    return false;
}

}  // namespace mailrota::runtime
