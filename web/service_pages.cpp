#include "web/service_pages.h"

#include <utility>

namespace mailrota::web {

namespace asio = boost::asio;

void ServicePages::add_to(Router& router) {
    const auto add = [&](std::string path, auto page) {
        router.add({"GET", std::move(path),
                    [this, page](Request request) { return (this->*page)(std::move(request)); }, 0, true});
    };
    add("/healthz", &ServicePages::health);
    add("/readyz", &ServicePages::ready);
    add("/metrics", &ServicePages::metrics);
}

asio::awaitable<Response> ServicePages::health(Request) { co_return text_response(200, "ok\n"); }

asio::awaitable<Response> ServicePages::ready(Request) {
    auto answered = co_await services_.store.read([](store::Transaction& transaction) -> Result<void> {
        auto due = transaction.next_due();
        if (!due) return tl::unexpected(due.error());
        return {};
    });
    if (!answered) co_return error_response(Error{ErrorKind::unavailable, answered.error().text});
    co_return text_response(200, "ok\n");
}

asio::awaitable<Response> ServicePages::metrics(Request request) {
    if (!request.client.in(services_.metrics_allow)) co_return error_response(403, "not from this address");
    auto response = text_response(200, services_.metrics());
    response.type = "text/plain; version=0.0.4; charset=utf-8";
    co_return response;
}

}  // namespace mailrota::web
