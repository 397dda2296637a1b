#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/clock.h"
#include "core/runtime/log.h"
#include "web/acknowledging.h"
#include "web/gate.h"
#include "web/handed_mail.h"
#include "web/late_store.h"
#include "web/memory_budget.h"
#include "web/router.h"

namespace mailrota::web {

// The hand-out's pages, as core/wire/handout.h and doc/handout.md describe them, and PostOffice's own form
// for boxes that say `legacy`. Thread-safe; outlives the io_contexts' run.
class BoxPages {
  public:
    struct Services {
        LateStore& store;
        Gate& gate;
        runtime::Log& log;
        runtime::Clock clock;
        std::string hostname;
        std::function<config::WorkerSettings()> worker;  // in force
        std::uint64_t max_body = 0;                      // of a request
    };

    explicit BoxPages(Services services);
    BoxPages(const BoxPages&) = delete;

    void add_to(Router& router);

  private:
    // A request of somebody who may be here.
    struct Visit {
        Request request;
        std::shared_ptr<const Door> door;

        const std::string& box() const { return door->settings.name; }
    };
    using Page = boost::asio::awaitable<Response> (BoxPages::*)(Visit);
    struct Handing;  // mails under a lease that are on their way out

    void add(Router& router, std::string method, std::string path, Page page, std::uint64_t max_body = 0);
    boost::asio::awaitable<Response> enter(Request request, Page page);

    boost::asio::awaitable<Response> status(Visit visit);
    boost::asio::awaitable<Response> lease(Visit visit);
    boost::asio::awaitable<Response> message(Visit visit);
    boost::asio::awaitable<Response> acknowledge(Visit visit);
    boost::asio::awaitable<Response> renew(Visit visit);
    boost::asio::awaitable<Response> give_back(Visit visit);
    boost::asio::awaitable<Response> legacy(Visit visit);

    boost::asio::awaitable<Result<std::shared_ptr<Handing>>> take(Visit visit, std::size_t count,
                                                                  std::uint64_t bytes);
    void tell_lost(const store::BoxItem& item);
    boost::asio::awaitable<Result<void>> end_lease(std::shared_ptr<Handing> handing);
    boost::asio::awaitable<Result<void>> after_lease(std::shared_ptr<Handing> handing, bool written);
    boost::asio::awaitable<Result<void>> after_legacy(std::shared_ptr<Handing> handing, bool written);

    Services services_;
    MemoryBudget budget_;
};

}  // namespace mailrota::web
