#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/sql_connection.h"
#include "core/store/store.h"

namespace mailrota::store {

// How every part of a transaction speaks to its connection. Keeps the first error of the database, so that a
// work which overlooks it is not taken for a success.
class SqlStatements : public Transaction {
  public:
    // The first error of the database in this work.
    const std::optional<SqlError>& fault() const { return fault_; }

  protected:
    // `locked`: the names that were locked for a write, sorted; null: a read, which may not write.
    SqlStatements(SqlConnection& connection, const std::vector<std::string>* locked)
        : connection_(connection), locked_(locked) {}

    Result<SqlRows> ask(std::string_view sql, std::span<const SqlParam> params);
    Result<SqlRows> ask(std::string_view sql, std::initializer_list<SqlParam> params) {
        return ask(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    Result<void> write(std::string_view sql, std::span<const SqlParam> params);
    Result<void> write(std::string_view sql, std::initializer_list<SqlParam> params) {
        return write(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    // How many rows it changed.
    Result<std::size_t> change(std::string_view sql, std::span<const SqlParam> params);
    Result<std::size_t> change(std::string_view sql, std::initializer_list<SqlParam> params) {
        return change(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    Result<void> may_write() const;
    bool is_write() const { return locked_ != nullptr; }
    bool was_locked(std::string_view name) const {
        return locked_ && std::binary_search(locked_->begin(), locked_->end(), name);
    }
    // Whether others may write at the same time.
    bool has_other_writers() const { return connection_.dialect() != SqlConnection::Dialect::sqlite; }
    // The text for rows that will be changed: locked in a write, on a database that has more than one writer.
    std::string locking(std::string_view sql, std::string_view how) const;

  private:
    SqlConnection& connection_;
    const std::vector<std::string>* locked_;
    std::optional<SqlError> fault_;
};

}  // namespace mailrota::store
