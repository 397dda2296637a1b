#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "core/store/sqlite_connection.h"

namespace mailrota::store {

// A SQLite database in a folder of its own that no one else may enter, removed when this ends: for tests, and
// for explaining without a database. It keeps the whole contract but durability, and never syncs. A process
// that is killed leaves the folder behind, in $TMPDIR, else /tmp.
class ScratchDatabase final : public SqlDatabase {
  public:
    static SqlResult<std::unique_ptr<ScratchDatabase>> make(std::chrono::milliseconds busy);
    ~ScratchDatabase() override;
    ScratchDatabase(const ScratchDatabase&) = delete;

    SqlResult<std::unique_ptr<SqlConnection>> connect(Role role) override { return database_.connect(role); }
    std::string description() const override { return "memory:"; }

  private:
    ScratchDatabase(std::filesystem::path folder, std::chrono::milliseconds busy);

    std::filesystem::path folder_;
    SqliteDatabase database_;
};

}  // namespace mailrota::store
