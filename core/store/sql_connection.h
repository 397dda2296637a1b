#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::store {

// What went wrong in a database, by what can be done about it.
struct SqlError {
    enum class Kind {
        invalid,      // a bug or a damaged database: asking again does not help
        unavailable,  // locked, full, read-only, too slow: may pass by itself
        conflict,     // the transaction was undone in favour of another one: run it again
        lost,         // the connection is of no more use: connect again
    };

    Kind kind = Kind::invalid;
    std::string text;  // names the database, never a password; one line
};

template <class T>
using SqlResult = tl::expected<T, SqlError>;

inline tl::unexpected<SqlError> sql_error(SqlError::Kind kind, std::string text) {
    return tl::unexpected(SqlError{kind, std::move(text)});
}

// The error as callers of the store see it.
Error to_error(const SqlError& error);

// What is handed to a statement. Strings are bytes: any value, any length, compared as memcmp does. A null is
// one of an integer.
using SqlParam = std::variant<std::monostate, std::int64_t, std::string_view>;
using SqlValue = std::variant<std::monostate, std::int64_t, std::string>;
using SqlRow = std::vector<SqlValue>;

struct SqlRows {
    std::vector<SqlRow> rows;
    std::size_t changed = 0;  // rows inserted, updated or deleted
};

// One connection to a database: the seam between the store and SQLite or PostgreSQL.
//
// One SQL text serves both: parameters are $1, $2 … and must first occur in ascending order (SQLite numbers
// them so). Every text is prepared once a connection. Not thread-safe, but may pass from thread to thread.
// Blocks for at most the busy time of its options while nothing moves. Throws nothing.
class SqlConnection {
  public:
    enum class Dialect { sqlite, postgresql };

    virtual ~SqlConnection() = default;

    // The views in `params` are read before it returns.
    virtual SqlResult<SqlRows> execute(std::string_view sql, std::span<const SqlParam> params) = 0;
    SqlResult<SqlRows> execute(std::string_view sql, std::initializer_list<SqlParam> params = {});
    // Statements separated by semicolons, without parameters and results.
    virtual SqlResult<void> execute_script(const std::string& sql) = 0;

    // Begins a transaction that holds the locks of these rotas, taken in name order; `rotas` is sorted, each
    // once.
    virtual SqlResult<void> begin_write(const std::vector<std::string>& rotas) = 0;
    // Begins a transaction that no one else who changes tables runs beside.
    virtual SqlResult<void> begin_exclusive() = 0;
    // Begins a transaction that sees one state of the database throughout.
    virtual SqlResult<void> begin_read() = 0;
    // Durable when it returns success.
    virtual SqlResult<void> commit() = 0;
    // Ends the transaction, if there is one, without its changes.
    virtual void rollback() = 0;
    // False as well after an error that ended the transaction.
    virtual bool in_transaction() const = 0;
    // False after `lost`.
    virtual bool usable() const = 0;
    virtual Dialect dialect() const = 0;
};

// Where connections come from. Thread-safe; owned by the store.
class SqlDatabase {
  public:
    enum class Role { writer, reader };

    virtual ~SqlDatabase() = default;
    // Blocks for at most the busy time. A reader cannot write.
    virtual SqlResult<std::unique_ptr<SqlConnection>> connect(Role role) = 0;
    // The URL without a password.
    virtual std::string description() const = 0;
};

}  // namespace mailrota::store
