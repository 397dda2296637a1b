#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "core/runtime/clock.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/snapshot.h"
#include "web/hook_doors.h"
#include "web/late_store.h"
#include "web/router.h"
#include "web/sns_caller.h"

namespace mailrota::web {

// /hook/PROVIDER: what the providers tell of mails that they have taken. A webhook is verified over its raw
// bytes, read, and stored in one transaction before it is answered with 200; what follows from the events is
// done by the worker. What is wrong is answered with a 4xx that does not say why, and leaves nothing behind.
// Nobody is known before the whole body is here: all large bodies together have 64 MB.
// Thread-safe; outlives the io_contexts' run.
class HookPages {
  public:
    struct Services {
        LateStore& store;
        runtime::Log& log;
        runtime::Metrics& metrics;
        runtime::Clock clock;
        SnsCaller& sns;
        std::uint64_t max_body = 0;  // of a request
    };

    HookPages(Services services, std::shared_ptr<const HookDoors> doors);
    HookPages(const HookPages&) = delete;

    void add_to(Router& router);
    void replace(std::shared_ptr<const HookDoors> doors) { doors_.set(std::move(doors)); }

  private:
    // A request at somebody's door.
    struct Visit {
        std::shared_ptr<const HookDoor> door;
        providers::HookRequest request;
        std::string client;  // for the log

        const std::string& provider() const { return door->settings.name; }
    };
    using SharedVisit = std::shared_ptr<const Visit>;

    std::optional<Response> turn_away(const Request& request);
    boost::asio::awaitable<Response> receive(Request request);
    boost::asio::awaitable<providers::Verdict> verify(SharedVisit visit);
    boost::asio::awaitable<Response> take(SharedVisit visit, providers::Genuine genuine);
    boost::asio::awaitable<Response> confirm(SharedVisit visit, std::string url);
    boost::asio::awaitable<Result<void>> store(SharedVisit visit, providers::HookNews news,
                                               providers::Genuine genuine);
    Response refuse(const std::string& provider, const std::string& client, const providers::Forged& forged);
    void count(const std::string& provider, const providers::HookNews& news, std::size_t fresh);
    bool may_log();

    Services services_;
    runtime::Snapshot<HookDoors> doors_;
    std::atomic<std::int64_t> second_ = 0;  // of the last refusal
    std::atomic<int> refusals_ = 0;         // in that second
};

}  // namespace mailrota::web
