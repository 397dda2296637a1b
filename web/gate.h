#pragma once

#include <atomic>
#include <memory>

#include "core/runtime/log.h"
#include "core/runtime/snapshot.h"
#include "web/doors.h"
#include "web/request.h"
#include "web/response.h"

namespace mailrota::web {

// Lets requests in at the doors that are in force. A refusal is logged and answered after a second, which
// holds up nobody but the client that guesses; when `most_waiting` are held up so, the next ones are told 429
// at once. Thread-safe.
class Gate {
  public:
    Gate(runtime::Log& log, std::shared_ptr<const Doors> doors, std::size_t most_waiting);

    void replace(std::shared_ptr<const Doors> doors) { doors_.set(std::move(doors)); }

    // Who came in at the box that the route names, or the answer for those who did not: 401, 403 or 429.
    using Admission = tl::expected<Doors::Visit, Response>;
    boost::asio::awaitable<Admission> admit(const Request& request);
    std::uint64_t refused() const { return refused_; }  // since the start

  private:
    boost::asio::awaitable<Response> refuse(bool wrong_address);

    runtime::Log& log_;
    runtime::Snapshot<Doors> doors_;
    std::size_t most_waiting_;
    std::atomic<std::size_t> waiting_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
};

}  // namespace mailrota::web
