#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "core/runtime/carriers.h"
#include "core/runtime/connections.h"
#include "core/runtime/http_client.h"
#include "core/runtime/job_runner.h"
#include "core/runtime/late_async_store.h"
#include "core/runtime/relay.h"
#include "core/runtime/service.h"
#include "core/runtime/snapshot.h"
#include "core/runtime/status_pages.h"
#include "core/runtime/telephones.h"
#include "worker/box_expiry.h"
#include "worker/event_desk.h"
#include "worker/phone_desk.h"
#include "worker/selftest_desk.h"
#include "worker/tally.h"

namespace mailrota::worker {

// mailrota-worker: runs the outbox, calls and writes to who is on call, settles the events of providers, and
// ends mail in boxes that nobody fetched in time. All on the main thread; the service outlives it.
class Worker {
  public:
    explicit Worker(runtime::Service& service);

    // What the service is to do with it.
    runtime::Service::Program program();

  private:
    Result<void> start();
    Result<void> open_carriers();
    Result<void> open_telephones();
    void reloaded();
    void stop();
    bool idle();
    std::string status() const;

    // Waits for the store, then works until stop().
    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> look_after_boxes();
    boost::asio::awaitable<void> look_after_events();
    boost::asio::awaitable<void> look_at_status_pages();
    runtime::EventTerms event_terms();
    runtime::SelftestServices::Selftests selftests() const;
    boost::asio::awaitable<void> count_jobs();
    boost::asio::awaitable<void> close_connections();
    void begin();
    void begin_alerts(const std::string& owner);
    void launch(boost::asio::awaitable<void> coroutine);

    runtime::Service& service_;
    const config::WorkerSettings settings_;
    runtime::LateAsyncStore store_;
    std::unique_ptr<runtime::Connections> connections_;
    std::unique_ptr<runtime::HttpClient> http_;
    runtime::Snapshot<runtime::Carriers> carriers_{nullptr};
    std::unique_ptr<runtime::Relay> relay_;
    std::unique_ptr<runtime::JobRunner> runner_;
    runtime::Snapshot<runtime::Telephones> telephones_{nullptr};
    std::unique_ptr<runtime::JobRunner> alerts_;  // of its own: no slow mail server holds a call up
    std::unique_ptr<PhoneDesk> phones_;
    std::unique_ptr<SelftestDesk> selftests_;
    std::unique_ptr<BoxExpiry> boxes_;
    boost::asio::thread_pool programs_{1};  // where events are handed on to a command
    std::string events_secret_;
    std::unique_ptr<EventDesk> events_;
    std::unique_ptr<runtime::StatusPages> pages_;
    std::unique_ptr<boost::asio::steady_timer> waiting_;   // for the store, and between looks at boxes
    std::unique_ptr<boost::asio::steady_timer> settling_;  // between looks for events
    std::unique_ptr<boost::asio::steady_timer> asking_;    // between looks at status pages
    Tally tally_;
    int running_ = 0;  // coroutines
    bool stopping_ = false;
    bool closing_ = false;
};

}  // namespace mailrota::worker
