#pragma once

#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/config/config.h"
#include "core/providers/http.h"
#include "core/runtime/clock.h"
#include "core/runtime/http_client.h"
#include "core/runtime/job_runner.h"

namespace mailrota::runtime {

// What the kind "event" stands on. All outlive the runner.
struct HandOnServices {
    HttpClient& http;
    boost::asio::thread_pool& programs;  // the command runs there
    Clock clock;
    config::EventSettings settings;
    std::string secret;  // of settings.secret, read; empty: nothing is signed
};

// The kind of job that hands normalised events on: to the command, one JSON a line on its stdin, and to the
// URL, as one JSON array. Each of the two is tried until it has taken them (exit code 0, a 2xx), the other
// one is not asked again meanwhile. What is offered again after a crash is the same batch under the same id.
JobKind hand_on_kind_on(HandOnServices services);

// The POST of a batch, signed after Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature with
// the HMAC-SHA-256 of "id.timestamp.body". A secret that begins with "whsec_" is base64, any other is taken
// as it stands. Pure.
providers::HttpRequest hand_on_request(const std::string& url, std::string_view secret, const std::string& id,
                                       std::chrono::sys_seconds now, std::string_view lines);

}  // namespace mailrota::runtime
