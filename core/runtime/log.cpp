#include "core/runtime/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

namespace mailrota::runtime {
namespace {

using Target = config::LogSettings::Target;

spdlog::level::level_enum to_spdlog(Log::Level level) {
    switch (level) {
        case Log::Level::debug:
            return spdlog::level::debug;
        case Log::Level::info:
            return spdlog::level::info;
        case Log::Level::warning:
            return spdlog::level::warn;
        case Log::Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

// As sd-daemon(3) has it.
std::string_view priority(Log::Level level) {
    switch (level) {
        case Log::Level::debug:
            return "<7>";
        case Log::Level::info:
            return "<6>";
        case Log::Level::warning:
            return "<4>";
        case Log::Level::error:
            return "<3>";
    }
    return "<6>";
}

// Whether stderr is the stream that systemd made for us: it names its device and inode (systemd.exec(5)).
bool stderr_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

std::shared_ptr<spdlog::logger> logger(spdlog::sink_ptr sink, const char* pattern) {
    auto made = std::make_shared<spdlog::logger>("mailrota", std::move(sink));
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
}

constexpr const char* with_time = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
constexpr const char* bare = "%v";

std::shared_ptr<spdlog::logger> stderr_logger(bool journal) {
    return logger(std::make_shared<spdlog::sinks::stderr_sink_mt>(), journal ? bare : with_time);
}

// Nothing if the file cannot be opened; `why` says so.
std::shared_ptr<spdlog::logger> file_logger(const std::string& file, std::string& why) {
    try {
        return logger(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file), with_time);
    } catch (const spdlog::spdlog_ex& failure) {
        why = failure.what();
        return nullptr;
    }
}

}  // namespace

struct Log::Sink {
    config::LogSettings settings;
    bool priorities = false;  // each line begins with its priority
    mutable std::mutex replacing;
    std::shared_ptr<spdlog::logger> logger;

    std::shared_ptr<spdlog::logger> current() const {
        std::lock_guard lock(replacing);
        return logger;
    }
    void replace(std::shared_ptr<spdlog::logger> by) {
        std::lock_guard lock(replacing);
        logger.swap(by);
    }
    void use_stderr() {
        priorities = stderr_is_journal();
        replace(stderr_logger(priorities));
    }
};

Log::Log(const config::LogSettings& settings) : sink_(std::make_unique<Sink>()) {
    sink_->settings = settings;
    std::string why;
    if (settings.target == Target::journal) {
        sink_->logger = logger(std::make_shared<spdlog::sinks::systemd_sink_mt>("mailrota"), bare);
    } else if (settings.target == Target::file) {
        sink_->logger = file_logger(settings.file, why);
    }
    if (sink_->logger) return;
    sink_->use_stderr();
    if (!why.empty()) warning(LogLine("log_file_not_opened").with("file", settings.file).with("error", why));
}

Log::~Log() = default;

void Log::write(Level level, const LogLine& line) {
    if (!enabled(level)) return;
    const auto logger = sink_->current();
    const spdlog::string_view_t text(line.text());
    if (!sink_->priorities) return logger->log(to_spdlog(level), text);
    logger->log(to_spdlog(level), spdlog::string_view_t(std::string(priority(level)) + line.text()));
}

bool Log::enabled(Level level) const { return level >= sink_->settings.level; }

void Log::reopen() {
    if (sink_->settings.target != Target::file) return;
    std::string why;
    if (auto opened = file_logger(sink_->settings.file, why)) {
        sink_->replace(std::move(opened));
    } else {
        error(LogLine("log_file_not_reopened").with("file", sink_->settings.file).with("error", why));
    }
}

}  // namespace mailrota::runtime
