#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/sql_connection.h"
#include "core/store/store.h"

namespace mailrota::store {

// One piece of work on a connection that is in a transaction. Keeps the first error of the database, so that
// a work which overlooks it is not taken for a success. Lives on the stack of whoever runs the work.
class SqlTransaction final : public Transaction {
  public:
    // For a read: writes are refused.
    explicit SqlTransaction(SqlConnection& connection) : connection_(connection) {}
    // For a write: these rotas are locked.
    SqlTransaction(SqlConnection& connection, const std::vector<std::string>& rotas)
        : connection_(connection), locked_(&rotas) {}

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

    // A value that all nodes share; nothing if it was never set.
    Result<std::optional<std::string>> setting(std::string_view name);
    // Keeps an earlier value.
    Result<void> add_setting(std::string_view name, std::string_view value);
    Result<void> put_setting(std::string_view name, std::string_view value);

    // Drop at most `limit` of the oldest; return how many went.
    Result<std::size_t> purge_turns(Time before, std::size_t limit);
    Result<std::size_t> purge_sticky(Time now, std::size_t limit);

    // The first error of the database in this work.
    const std::optional<SqlError>& fault() const { return fault_; }

  private:
    Result<SqlRows> ask(std::string_view sql, std::span<const SqlParam> params);
    Result<SqlRows> ask(std::string_view sql, std::initializer_list<SqlParam> params) {
        return ask(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    Result<void> write(std::string_view sql, std::span<const SqlParam> params);
    Result<void> write(std::string_view sql, std::initializer_list<SqlParam> params) {
        return write(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    Result<void> may_touch(std::string_view rota) const;

    SqlConnection& connection_;
    const std::vector<std::string>* locked_ = nullptr;  // null: a read
    std::map<std::string, RotaState, std::less<>> loaded_;
    std::optional<SqlError> fault_;
};

}  // namespace mailrota::store
