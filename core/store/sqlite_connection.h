#pragma once

#include <chrono>
#include <string>

#include "core/store/sql_connection.h"
#include "core/store/sqlite_file.h"

namespace mailrota::store {

// A SQLite database in a file: write-ahead log, mode 0660.
//
// A connection holds to the file that it opened: when that file was deleted, beginning a transaction fails
// with `unavailable`; when another one stands in its place, with `lost`, and the next connection opens that.
// A deleted database is not made anew while the program runs, because that would forget every turn in
// silence. Connections must not outlive it.
class SqliteDatabase final : public SqlDatabase {
  public:
    // Whether a commit waits until the disk has it.
    enum class Sync { every_commit, never };

    SqliteDatabase(std::string path, std::chrono::milliseconds busy, Sync sync = Sync::every_commit);

    // Makes an empty file if there is none. Fails if its folder is missing.
    SqlResult<void> create_file();
    SqlResult<std::unique_ptr<SqlConnection>> connect(Role role) override;
    std::string description() const override;

  private:
    std::string path_;
    std::chrono::milliseconds busy_;
    Sync sync_;
    SqliteFile file_;
};

}  // namespace mailrota::store
