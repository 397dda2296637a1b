#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/policy/policy.h"
#include "core/providers/telephone.h"
#include "core/runtime/clock.h"
#include "core/runtime/incident_news.h"
#include "core/runtime/log.h"
#include "core/runtime/snapshot.h"
#include "core/runtime/telephones.h"
#include "web/late_store.h"
#include "web/router.h"

namespace mailrota::web {

// /call/…: what a telephone account asks and tells of calls, by GET and POST.
//
//   /call/CONTACT/twiml    what is to be said          /call/CONTACT/digit   a key that was pressed
//   /call/CONTACT/status   how the call or SMS stands  /call/sms             an SMS that came in
//
// CONTACT is a contact's random id; its pages end `expire` after it was made. Every request must be signed
// over the public URL. Whatever is wrong with one is answered with the same 404, and changes nothing. Each
// request may come again: it is answered the same way, and done once. Thread-safe; outlives the io_contexts'
// run.
class CallPages {
  public:
    struct Services {
        LateStore& store;
        runtime::Log& log;
        runtime::Clock clock;
        std::function<std::shared_ptr<const policy::Policy>()> policy;  // the one in effect
    };

    CallPages(Services services, std::shared_ptr<const runtime::Telephones> telephones);
    CallPages(const CallPages&) = delete;

    void add_to(Router& router);
    void replace(std::shared_ptr<const runtime::Telephones> telephones) {
        telephones_.set(std::move(telephones));
    }

  private:
    // A signed request, and what it is about.
    struct Visit;
    using SharedVisit = std::shared_ptr<Visit>;
    using Page = boost::asio::awaitable<Response> (CallPages::*)(SharedVisit);

    void add(Router& router, const std::string& path, Page page);
    boost::asio::awaitable<Response> enter(Request request, Page page);
    SharedVisit let_in(const Request& request);
    boost::asio::awaitable<Result<bool>> find(SharedVisit visit);

    boost::asio::awaitable<Response> twiml(SharedVisit visit);
    boost::asio::awaitable<Response> digit(SharedVisit visit);
    boost::asio::awaitable<Response> status(SharedVisit visit);
    boost::asio::awaitable<Response> sms(SharedVisit visit);

    Response say_again(const Visit& visit) const;
    Response refuse(const Request& request, const char* why);
    bool may_log();

    Services services_;
    runtime::Snapshot<runtime::Telephones> telephones_;
    std::atomic<std::int64_t> second_ = 0;  // of the last refusal
    std::atomic<int> refusals_ = 0;         // in that second
};

}  // namespace mailrota::web
