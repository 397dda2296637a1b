#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "web/memory_budget.h"
#include "web/request.h"
#include "web/response.h"

namespace mailrota::web {

// Answers a request. Its coroutine runs in the connection's executor; several may run at once on several
// threads. What it throws is answered with 500.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;
// Turns a request away before its body is read; nothing: it may come in. Must not throw.
using Doorkeeper = std::function<std::optional<Response>(const Request&)>;

struct Route {
    std::string method;   // "GET" answers HEAD too, without the body
    std::string pattern;  // "/boxes/{box}/lease": a segment in braces takes any text that is not empty
    Handler handle;
    std::uint64_t max_body = 0;              // bytes; a request with more is refused before it is read
    bool quiet = false;                      // asked for every few seconds by machines: logged at level debug
    Doorkeeper turns_away{};                 // may be empty
    std::shared_ptr<MemoryBudget> memory{};  // of all its large bodies together; null: they may be any number
};

// Finds the page for a request. Built once, then read by any thread.
class Router {
  public:
    void add(Route route);

    struct Found {
        const Route* route;  // the router's
        Names named;
    };
    struct NoSuchPath {};
    struct NoSuchMethod {
        std::string allow;  // "GET, HEAD, POST": for the field Allow
    };
    // Of two routes that both fit the first counts.
    std::variant<Found, NoSuchPath, NoSuchMethod> find(std::string_view method,
                                                       const std::vector<std::string>& segments) const;

  private:
    struct Entry {
        Route route;
        std::vector<std::string> segments;
    };
    std::vector<Entry> entries_;
};

}  // namespace mailrota::web
