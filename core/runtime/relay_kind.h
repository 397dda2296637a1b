#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/config/config.h"
#include "core/runtime/clock.h"
#include "core/runtime/job_runner.h"
#include "core/runtime/relay.h"

namespace mailrota::runtime {

// What the kind "relay" stands on. All outlive the runner.
struct RelayKindServices {
    Relay& relay;
    std::function<std::shared_ptr<const Carriers>()> carriers;  // those in effect
    Clock clock;
    config::WorkerSettings settings;
    std::string hostname;
};

// The kind of job that hands a DeliverJob's mail to a rota of providers: what an SMTP listener could not do
// while its client waited. Concluded as the kind "deliver" is; the breakers say when another try is worth
// while.
JobKind relay_kind_on(RelayKindServices services);

}  // namespace mailrota::runtime
