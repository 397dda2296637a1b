#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/store/memory_store.h"

namespace mailrota::store {

// Changes the tables in place and remembers how to take each change back. Lives on the stack of whoever holds
// the store's lock.
class MemoryTransaction final : public Transaction {
  public:
    // `rotas`: those that a write was given; nothing for a read.
    MemoryTransaction(MemoryTables& tables, std::optional<std::vector<std::string>> rotas)
        : tables_(tables), rotas_(std::move(rotas)) {}

    Result<std::optional<StoredTurn>> turn(std::string_view rota, std::string_view key) override;
    Result<void> put_turn(const StoredTurn& turn) override;
    Result<std::vector<StoredTurn>> history(std::string_view rota, std::size_t limit) override;
    Result<RotaState> rota_state(std::string_view rota) override;
    Result<void> put_rota_state(std::string_view rota, const RotaState& state) override;
    Result<std::optional<std::string>> sticky(std::string_view rota, const std::vector<std::string>& keys,
                                              Time now) override;
    Result<void> put_sticky(std::string_view rota, const std::vector<std::string>& keys,
                            std::string_view member, Time until) override;
    Result<void> put_bytes(std::string_view name, std::string_view bytes) override;
    Result<std::optional<std::string>> bytes(std::string_view name) override;
    Result<void> drop_bytes(std::string_view name) override;

    // Takes every change back.
    void undo();

  private:
    Result<void> may_write() const;
    Result<void> may_touch(std::string_view rota) const;
    template <class Map>
    void put(Map& map, typename Map::key_type key, typename Map::mapped_type value);

    MemoryTables& tables_;
    std::optional<std::vector<std::string>> rotas_;
    std::vector<std::function<void()>> undo_;
};

}  // namespace mailrota::store
