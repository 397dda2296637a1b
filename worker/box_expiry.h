#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "core/config/config.h"
#include "core/runtime/async_store.h"
#include "core/runtime/clock.h"
#include "core/runtime/log.h"

namespace mailrota::worker {

// Ends mail in boxes that no puller fetched in time: its sender is notified (5.4.7) by a job that is written
// in the transaction which drops the mail. Mail of the null sender is dropped with a warning and a line in
// its story, and of mail whose bytes are lost nothing is returned. Belongs to one executor.
class BoxExpiry {
  public:
    struct Services {
        runtime::AsyncStore& store;
        runtime::Log& log;
        runtime::Clock clock;
        config::WorkerSettings settings;
        std::string hostname;
    };

    explicit BoxExpiry(Services services) : services_(std::move(services)) {}

    // Ends the oldest expired mail. False if there is none, or the store failed: logged.
    boost::asio::awaitable<bool> end_one();

  private:
    struct Ended {
        store::BoxItem item;
        bool had_bytes = true;
    };

    // Whether the mail's bytes were there.
    Result<bool> end(store::Transaction& transaction, const store::BoxItem& item) const;
    void tell(const Ended& ended) const;

    Services services_;
};

}  // namespace mailrota::worker
