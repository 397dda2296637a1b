#include "web/access_log.h"

namespace mailrota::web {

namespace {

using Level = runtime::Log::Level;

Level level_of(const Served& served) {
    if (served.status >= 500) return Level::warning;
    return served.quiet && served.status < 400 ? Level::debug : Level::info;
}

}  // namespace

void log_served(runtime::Log& log, const Served& served, std::chrono::microseconds took) {
    const auto level = level_of(served);
    if (!log.enabled(level)) return;
    runtime::LogLine line("request");
    line.with("client", served.client)
        .with("method", served.method)
        .with("path", served.path)
        .with("status", served.status)
        .with("bytes", static_cast<std::int64_t>(served.bytes))
        .with("ms", took);
    if (!served.whole) line.with("cut", "yes");
    for (const auto& [key, value] : served.noted) line.with(key, value);
    log.write(level, line);
}

}  // namespace mailrota::web
