#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/store/store.h"

namespace mailrota::store {

// What a MemoryStore holds.
struct MemoryTables {
    struct Conversation {
        std::string member;
        Time until{};
    };
    struct NumberedTurn {
        std::uint64_t number = 0;  // in the order of first insertion
        StoredTurn turn;
    };
    using RotaKey = std::pair<std::string, std::string>;

    std::map<RotaKey, NumberedTurn> turns;
    std::map<std::string, RotaState, std::less<>> states;
    std::map<RotaKey, Conversation> conversations;
    std::map<std::string, std::string, std::less<>> bytes;
    std::uint64_t next_number = 0;
};

// A store that forgets all when it is destroyed: for tests, and for explaining without a database. Keeps the
// whole contract but durability. One work at a time.
class MemoryStore final : public Store {
  public:
    static Result<std::unique_ptr<Store>> open();

    Result<void> write(std::vector<std::string> rotas, Work work) override;
    Result<void> read(Work work) override;
    Result<void> rehearse(std::vector<std::string> rotas, Work work) override;
    Result<mail::TraceSecret> trace_secret() override { return secret_; }
    Result<std::size_t> purge(Time now, std::chrono::seconds keep) override;
    Result<void> probe() override { return {}; }
    StoreCounters counters() const override;
    std::string description() const override { return "memory:"; }

  private:
    explicit MemoryStore(mail::TraceSecret secret) : secret_(secret) {}

    mail::TraceSecret secret_;
    mutable std::mutex mutex_;
    MemoryTables tables_;
    StoreCounters counters_;
};

}  // namespace mailrota::store
