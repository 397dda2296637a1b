#pragma once

#include <functional>
#include <memory>

#include "core/policy/policy.h"
#include "core/runtime/async_store.h"
#include "core/runtime/http_client.h"
#include "core/runtime/job_runner.h"
#include "core/runtime/telephones.h"

namespace mailrota::runtime {

// What the kinds "escalation" and "contact" stand on. All outlive the runner.
struct AlertServices {
    AsyncStore& store;
    HttpClient& http;
    Log& log;
    std::function<store::Incidents::Milliseconds()> clock;
    std::function<std::shared_ptr<const Telephones>()> telephones;  // those in effect
    std::function<std::shared_ptr<const policy::Policy>()> policy;  // likewise
};

// The kind of job that makes one call or sends one SMS and looks after it until it is over. One attempt does
// one thing: asks contact_step() what, does it, writes what came of it, and is put off. The request is on
// disk as begun before it goes out; when the process dies, or no answer comes, the account is asked for it
// before another one is made.
JobKind contact_kind_on(AlertServices services);

}  // namespace mailrota::runtime
