#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <mutex>
#include <string>

#include "core/config/provider_settings.h"
#include "core/mail/result.h"
#include "core/runtime/http_client.h"

namespace mailrota::web {

// Asks Amazon's notification service for what its webhooks need: signing certificates, which are kept, and
// the confirmation of a subscription. The caller has checked that a URL is Amazon's. Thread-safe; made and
// destroyed on the thread of its executor, after which nothing may be under way.
class SnsCaller {
  public:
    explicit SnsCaller(boost::asio::any_io_executor executor);

    using Certificates = std::map<std::string, std::string, std::less<>>;  // URL → PEM
    Certificates certificates() const;

    static runtime::HttpTerms terms_of(const config::ProviderSettings& provider);

    // Fetches a certificate and keeps it; `unavailable` if it is not to be had now, or too many are asked for
    // at once. Within ten seconds.
    boost::asio::awaitable<Result<void>> fetch(std::string url, runtime::HttpTerms terms);
    boost::asio::awaitable<Result<void>> confirm(std::string url, runtime::HttpTerms terms);

  private:
    boost::asio::awaitable<Result<std::string>> get(std::string url, runtime::HttpTerms terms);
    boost::asio::awaitable<Result<std::string>> get_here(std::string url, runtime::HttpTerms terms);

    boost::asio::any_io_executor executor_;
    runtime::HttpClient client_;
    std::atomic<int> under_way_ = 0;
    mutable std::mutex mutex_;
    Certificates certificates_;
};

}  // namespace mailrota::web
