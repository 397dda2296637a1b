#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/runtime/metrics.h"
#include "core/runtime/selftest_kind.h"

namespace mailrota::worker {

// Begins self-tests when they are due, ends a run whose job is gone, and tells the metrics how they stand.
// Several workers may do so on one store, with different configurations. Belongs to one executor.
class SelftestDesk {
  public:
    struct Services {
        runtime::SelftestServices selftests;
        runtime::Metrics& metrics;
    };

    SelftestDesk(boost::asio::any_io_executor executor, Services services);

    // Until stop(): looks every few seconds; the first time when jobs that wait have had their turn.
    boost::asio::awaitable<void> look_after();
    void stop();
    // One look at each self-test.
    boost::asio::awaitable<void> look();

  private:
    boost::asio::awaitable<void> note_names(runtime::SelftestServices::Selftests selftests);
    boost::asio::awaitable<void> look_at(policy::Selftest selftest);
    boost::asio::awaitable<void> begin(policy::Selftest selftest);
    boost::asio::awaitable<void> end_stranded(policy::Selftest selftest, runtime::SelftestRun run);
    // Whether it is written.
    boost::asio::awaitable<bool> write(store::Work work);
    void tell(const policy::Selftest& selftest, const runtime::SelftestRecord& record);
    void complain(bool& complained, const Error& error);

    Services services_;
    boost::asio::steady_timer timer_;
    std::optional<std::vector<std::string>> names_;  // of those looked after; noted in the store
    std::set<std::string> told_;                     // to the metrics
    bool stopping_ = false;
    bool read_complained_ = false;
    bool write_complained_ = false;
};

}  // namespace mailrota::worker
