#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/store/sql_connection.h"

namespace mailrota::store {

// A PostgreSQL database, by libpq's URI. Everything goes over in binary form, so every byte comes back as it
// went.
//
// A connection waits for the server at most the busy time while no byte moves, and a little longer than the
// server's own limits (statement_timeout, lock_timeout), so that it is the server who says what was slow.
class PostgresDatabase final : public SqlDatabase {
  public:
    // Fails with `invalid` on a URI that libpq cannot read, without quoting it: there may be a password in
    // it.
    static SqlResult<std::unique_ptr<PostgresDatabase>> make(const std::string& url,
                                                             std::chrono::milliseconds busy);

    SqlResult<std::unique_ptr<SqlConnection>> connect(Role role) override;
    std::string description() const override { return description_; }

  private:
    using Setting = std::pair<std::string, std::string>;

    PostgresDatabase(std::vector<Setting> settings, std::chrono::milliseconds busy);
    std::string without_password(std::string text) const;

    std::vector<Setting> settings_;  // libpq's keywords, the password among them
    std::chrono::milliseconds busy_;
    std::string description_;
};

}  // namespace mailrota::store
