#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/policy/breaker.h"
#include "core/providers/status_page.h"
#include "core/runtime/async_store.h"
#include "core/runtime/carriers.h"
#include "core/runtime/clock.h"
#include "core/runtime/http_client.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"

namespace mailrota::runtime {

// What a page's word makes of its provider's breaker; nothing: it stays as it is. Pure.
//
// An outage opens a closed breaker for its own period, then a mail tries, as after any fault: a page is a
// hint, and mail that goes through knows better. While the page tells of an outage a success does not keep it
// closed. When the page tells of none any more, the next mail tries at once if it was the page that had
// opened the breaker. A page that tells nothing changes nothing.
std::optional<policy::Breaker> after_page(const policy::Breaker& breaker, const providers::StatusPage& page,
                                          const policy::BreakerTerms& terms, policy::Breaker::Time now);

// Asks the status pages of providers, and tells the providers' breakers. Log and metrics have what changes;
// that a page cannot be had or read is said once, until it can. Several processes may do so: each asks for
// itself. Belongs to the executor of `http`.
class StatusPages {
  public:
    struct Services {
        AsyncStore& store;
        HttpClient& http;
        Log& log;
        Metrics& metrics;
        Clock clock;
    };

    explicit StatusPages(Services services) : services_(std::move(services)) {}

    // Asks the page of this provider, if it has one; at most ten seconds, and the store's time. Without a
    // store that can be written nothing changes, until the next time.
    boost::asio::awaitable<void> ask(std::shared_ptr<const Carriers> carriers, std::string provider);

    // What each page told last: "sendgrid minor (Partial System Outage), mailgun none"; empty: none was
    // asked.
    std::string to_text() const;

  private:
    boost::asio::awaitable<providers::StatusPage> fetch(config::ProviderSettings settings);
    boost::asio::awaitable<void> tell_breaker(std::string provider, providers::StatusPage page,
                                              policy::BreakerTerms terms);
    void note(const std::string& provider, const providers::StatusPage& page);

    Services services_;
    std::map<std::string, providers::StatusPage> told_;  // by provider
};

}  // namespace mailrota::runtime
