#pragma once

#include <chrono>
#include <string>

#include "core/store/sql_connection.h"

namespace mailrota::store {

// A SQLite database in a file: write-ahead log, synchronous FULL, mode 0660.
//
// A connection holds to the file that it opened: when that file was deleted or another one stands in its
// place, beginning a transaction fails (`lost` if there is a file to open anew, else `unavailable`); the log
// of the old file is written back into the old file first, so that it can never be replayed into the new one.
// A deleted database is not made anew while the program runs, because that would forget every turn in
// silence.
class SqliteDatabase final : public SqlDatabase {
  public:
    SqliteDatabase(std::string path, std::chrono::milliseconds busy);

    // Makes an empty file if there is none. Fails if its folder is missing.
    SqlResult<void> create_file();
    SqlResult<std::unique_ptr<SqlConnection>> connect(Role role) override;
    std::string description() const override;

  private:
    std::string path_;
    std::chrono::milliseconds busy_;
};

}  // namespace mailrota::store
