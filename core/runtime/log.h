#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"

namespace mailrota::runtime {

// One line of the log in the making: an event and its key=value pairs, in the order they were added. Values
// with blanks, quotes, '=' or control characters are quoted and escaped, so that a line is one line whatever
// a mail holds; what is not UTF-8 is escaped byte by byte; empty values are left out, values over 1,000 bytes
// are cut. Never give it a secret or a body.
class LogLine {
  public:
    explicit LogLine(std::string_view event);
    LogLine& with(std::string_view key, std::string_view value);
    LogLine& with(std::string_view key, std::int64_t value);
    LogLine& with(std::string_view key, std::chrono::microseconds duration);  // as milliseconds: ms=1.234
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

// The program's log, to stderr, a file or the journal (spdlog). Thread-safe. reopen() follows logrotate.
//
// A line on stderr or in a file: "2026-11-20T10:00:00.123Z info mail queue_id=4XyZ …". On a stderr that
// leads to the journal, which knows the time itself: "<6>mail queue_id=4XyZ …" (sd-daemon(3)).
class Log {
  public:
    using Level = config::LogSettings::Level;

    // Falls back to stderr, and says so there, if the file cannot be opened.
    explicit Log(const config::LogSettings& settings);
    ~Log();
    Log(const Log&) = delete;

    void write(Level level, const LogLine& line) { write(level, std::span(&line, 1)); }
    // Lines that belong together stay together, and on stderr or in a file cost one system call.
    void write(Level level, std::span<const LogLine> lines);
    void debug(const LogLine& line) { write(Level::debug, line); }
    void info(const LogLine& line) { write(Level::info, line); }
    void warning(const LogLine& line) { write(Level::warning, line); }
    void error(const LogLine& line) { write(Level::error, line); }
    bool enabled(Level level) const;
    void reopen();

  private:
    struct Sink;
    std::unique_ptr<Sink> sink_;
};

// Collects lines that belong together and writes them, in their order, when it goes out of scope or has many.
// One thread.
class LogBatch {
  public:
    explicit LogBatch(Log& log) : log_(log) {}
    ~LogBatch();
    LogBatch(const LogBatch&) = delete;

    void add(Log::Level level, LogLine line);

  private:
    void write();

    Log& log_;
    Log::Level level_ = Log::Level::info;  // of all that wait
    std::vector<LogLine> lines_;
};

}  // namespace mailrota::runtime
