#pragma once

#include <functional>
#include <memory>
#include <string>

#include "web/late_store.h"
#include "web/router.h"

namespace mailrota::web {

// The pages for those who watch over the program: /healthz, /readyz, /metrics. Thread-safe; outlives the
// io_contexts' run.
class ServicePages {
  public:
    struct Services {
        LateStore& store;
        std::vector<policy::Network> metrics_allow;
        std::function<std::string()> metrics;  // Prometheus' text
    };

    explicit ServicePages(Services services) : services_(std::move(services)) {}
    ServicePages(const ServicePages&) = delete;

    void add_to(Router& router);

  private:
    boost::asio::awaitable<Response> health(Request request);
    boost::asio::awaitable<Response> ready(Request request);
    boost::asio::awaitable<Response> metrics(Request request);

    Services services_;
};

}  // namespace mailrota::web
