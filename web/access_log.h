#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/runtime/log.h"

namespace mailrota::web {

// What the access log tells of one request. Never a query, a credential or a body.
struct Served {
    std::string method;  // empty: the request could not be read
    std::string path;    // as it came
    std::string client;
    int status = 0;
    std::uint64_t bytes = 0;  // of the answer, header included, that went out
    bool whole = false;       // all of it went out
    bool quiet = false;       // asked for by machines every few seconds: level debug
    std::vector<std::pair<std::string, std::string>> noted;
};

// "request client=192.0.2.1 method=POST path=/boxes/web/lease status=200 bytes=512 ms=1.204 box=web user=…"
void log_served(runtime::Log& log, const Served& served, std::chrono::microseconds took);

}  // namespace mailrota::web
