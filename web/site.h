#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "core/config/config.h"
#include "core/runtime/clock.h"
#include "core/runtime/log.h"
#include "web/router.h"

namespace mailrota::web {

// What all connections share. Thread-safe: only the counters change.
struct Site {
    Site(runtime::Log& site_log, runtime::Clock site_clock, config::WebSettings site_settings,
         Router site_router)
        : log(site_log),
          clock(std::move(site_clock)),
          settings(std::move(site_settings)),
          router(std::move(site_router)) {}

    runtime::Log& log;
    const runtime::Clock clock;
    const config::WebSettings settings;
    const Router router;
    std::atomic<std::uint64_t> connections = 0;  // open now
    std::atomic<std::uint64_t> turned_away = 0;  // for want of room, since the start
    std::atomic<std::uint64_t> requests = 0;     // answered since the start
    std::atomic<bool> stopping = false;          // each connection ends after its answer
};

}  // namespace mailrota::web
