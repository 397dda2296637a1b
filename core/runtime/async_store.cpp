#include "core/runtime/async_store.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "core/store/guarded.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using Results = std::vector<Result<void>>;

// Who waits for a work. Told once.
class Waiter {
  public:
    virtual ~Waiter() = default;
    virtual void tell(Result<void> result) = 0;
};

// A coroutine that waits: goes on in its own executor, which has work as long as it waits.
template <class Handler>
class WaitingHandler final : public Waiter {
  public:
    explicit WaitingHandler(Handler handler)
        : handler_(std::move(handler)), executor_(asio::get_associated_executor(handler_)) {}

    void tell(Result<void> result) override {
        const asio::any_io_executor executor = executor_.get_executor();
        asio::post(executor, [handler = std::move(handler_), executor_kept = std::move(executor_),
                              result = std::move(result)]() mutable { handler(std::move(result)); });
    }

  private:
    Handler handler_;
    asio::executor_work_guard<asio::any_io_executor> executor_;
};

struct Waiting {
    store::Write write;
    std::unique_ptr<Waiter> waiter;
};

using Perform = std::function<Results(std::vector<store::Write>)>;

// What a store that throws says to all who wait.
Results performed(const Perform& perform, std::vector<store::Write> writes) {
    const std::size_t count = writes.size();
    try {
        return perform(std::move(writes));
    } catch (const std::exception& fault) {
        return Results(count, unavailable(fault.what()));
    } catch (...) {
        return Results(count, unavailable("the store threw something that is no exception"));
    }
}

// What has no result yet, in one transaction. A failure may have spoiled the transaction for those behind it:
// they are left for the next one.
void read_together(store::Store& store, const std::vector<store::Write>& reads, Results& results) {
    const std::size_t first = results.size();
    const auto whole = store.read([&](store::Transaction& transaction) -> Result<void> {
        results.resize(first);
        for (std::size_t i = first; i < reads.size(); ++i) {
            results.push_back(store::guarded(reads[i].work, transaction));
            if (!results.back()) return {};
        }
        return {};
    });
    const bool ended_by_one = results.size() > first && !results.back();
    if (whole || ended_by_one) return;
    results.resize(first);
    results.resize(reads.size(), tl::unexpected(whole.error()));
}

Results read_all(store::Store& store, const std::vector<store::Write>& reads) {
    Results results;
    while (results.size() < reads.size()) read_together(store, reads, results);
    return results;
}

}  // namespace

// Works in line for one thread, which takes all that waits at once.
class AsyncStore::Line {
  public:
    explicit Line(Perform perform) : perform_(std::move(perform)), thread_([this] { run(); }) {}
    ~Line() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    asio::awaitable<Result<void>> work(store::Write write) {
        return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
            [this](auto handler, store::Write given) {
                add({std::move(given),
                     std::make_unique<WaitingHandler<decltype(handler)>>(std::move(handler))});
            },
            asio::use_awaitable, std::move(write));
    }

  private:
    void add(Waiting waiting) {
        bool first = false;
        {
            const std::lock_guard lock(mutex_);
            first = line_.empty();
            line_.push_back(std::move(waiting));
        }
        if (first) wake_.notify_one();
    }

    void run() {
        for (std::vector<Waiting> taken = next(); !taken.empty(); taken = next()) {
            std::vector<store::Write> writes;
            writes.reserve(taken.size());
            for (Waiting& waiting : taken) writes.push_back(std::move(waiting.write));
            Results results = performed(perform_, std::move(writes));
            results.resize(taken.size(), unavailable("the store gave no answer"));
            for (std::size_t i = 0; i < taken.size(); ++i) taken[i].waiter->tell(std::move(results[i]));
        }
    }

    // All that waits; nothing when the end has come.
    std::vector<Waiting> next() {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !line_.empty(); });
        return std::exchange(line_, {});
    }

    Perform perform_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Waiting> line_;  // guarded by mutex_, as stopping_
    bool stopping_ = false;
    std::thread thread_;
};

AsyncStore::AsyncStore(store::Store& store)
    : writes_(std::make_unique<Line>(
          [&store](std::vector<store::Write> writes) { return store.write_all(std::move(writes)); })),
      reads_(std::make_unique<Line>(
          [&store](const std::vector<store::Write>& reads) { return read_all(store, reads); })) {}

AsyncStore::~AsyncStore() = default;

asio::awaitable<Result<void>> AsyncStore::write(std::vector<std::string> rotas, store::Work work) {
    return writes_->work({std::move(rotas), std::move(work)});
}

asio::awaitable<Result<void>> AsyncStore::read(store::Work work) {
    return reads_->work({{}, std::move(work)});
}

}  // namespace mailrota::runtime
