#include "core/runtime/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>

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

// Gives each line of a text of several the form of a line of the log.
class LinesFormatter : public spdlog::formatter {
  public:
    explicit LinesFormatter(std::unique_ptr<spdlog::formatter> of_one) : of_one_(std::move(of_one)) {}

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
        std::string_view left(message.payload.data(), message.payload.size());
        for (bool more = true; more;) {
            const auto end = left.find('\n');
            more = end != std::string_view::npos;
            auto line = message;
            line.payload = spdlog::string_view_t(left.data(), more ? end : left.size());
            of_one_->format(line, to);
            if (more) left.remove_prefix(end + 1);
        }
    }
    std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<LinesFormatter>(of_one_->clone());
    }

  private:
    std::unique_ptr<spdlog::formatter> of_one_;
};

std::shared_ptr<spdlog::logger> logger(spdlog::sink_ptr sink, const char* pattern) {
    auto made = std::make_shared<spdlog::logger>("mailrota", std::move(sink));
    made->set_formatter(std::make_unique<LinesFormatter>(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc)));
    made->set_level(spdlog::level::trace);
    return made;
}

constexpr const char* with_time = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
constexpr const char* bare = "%v";

std::shared_ptr<spdlog::logger> stderr_logger(bool journal) {
    return logger(std::make_shared<spdlog::sinks::stderr_sink_mt>(), journal ? bare : with_time);
}

// Each text goes to the file at once, by one write(2): no flush that would wait for the sink's lock again.
// Nothing if the file cannot be opened; `why` says so.
std::shared_ptr<spdlog::logger> file_logger(const std::string& file, std::string& why) {
    try {
        spdlog::file_event_handlers unbuffered;
        unbuffered.after_open = [](const spdlog::filename_t&, std::FILE* opened) {
            std::setvbuf(opened, nullptr, _IONBF, 0);
        };
        return logger(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file, false, unbuffered),
                      with_time);
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

// A line holds no line feed, so that one between two lines is unmistakable. The journal takes an entry at a
// time.
void Log::write(Level level, std::span<const LogLine> lines) {
    if (!enabled(level) || lines.empty()) return;
    const auto logger = sink_->current();
    const auto log = [&](const std::string& text) {
        logger->log(to_spdlog(level), spdlog::string_view_t(text));
    };
    if (sink_->settings.target == Target::journal) {
        for (const auto& line : lines) log(line.text());
        return;
    }
    const auto before = sink_->priorities ? priority(level) : std::string_view();
    std::string text;
    for (const auto& line : lines) text.append(text.empty() ? "" : "\n").append(before).append(line.text());
    log(text);
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

// Lines for which there is no memory are lost, not the process.
LogBatch::~LogBatch() {
    try {
        write();
    } catch (const std::exception&) {
        lines_.clear();
    }
}

void LogBatch::add(Log::Level level, LogLine line) {
    constexpr std::size_t most = 64;
    if (level != level_ || lines_.size() >= most) write();
    level_ = level;
    if (log_.enabled(level)) lines_.push_back(std::move(line));
}

void LogBatch::write() {
    log_.write(level_, lines_);
    lines_.clear();
}

}  // namespace mailrota::runtime
