#pragma once

#include <libpq-fe.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/store/sql_connection.h"

namespace mailrota::store {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

// Parameters as libpq takes them, in binary form: integers as int8, strings as bytea. Holds views into what
// it was made from.
class PostgresParams {
  public:
    explicit PostgresParams(std::span<const SqlParam> params);
    PostgresParams(const PostgresParams&) = delete;
    PostgresParams& operator=(const PostgresParams&) = delete;

    int count() const { return static_cast<int>(values_.size()); }
    const Oid* types() const { return types_.data(); }
    const char* const* values() const { return values_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

  private:
    std::vector<std::int64_t> numbers_;  // in network order
    std::vector<Oid> types_;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

// The rows of a result that came in binary form.
SqlRows postgres_rows(const PGresult* result);

// What a result that is not a success says. `name` is the database's description; `alive` whether the
// connection still is.
SqlError postgres_error(const PGresult* result, const std::string& name, bool alive);

// The text on one line.
std::string one_line(std::string text);

}  // namespace mailrota::store
