#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace mailrota::rig {

/// The write lock on a SQLite database, as another program would hold it. Ends with the object.
class DatabaseLock {
  public:
    /// Throws std::runtime_error if the lock is not to be had within ten seconds.
    explicit DatabaseLock(const std::filesystem::path& file) {
        sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr);
        sqlite3_busy_timeout(database_, 10'000);
        if (sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK) return;
        const std::string why = sqlite3_errmsg(database_);
        release();
        throw std::runtime_error(file.string() + ": " + why);
    }
    ~DatabaseLock() { release(); }
    DatabaseLock(const DatabaseLock&) = delete;

    void release() {
        sqlite3_close_v2(database_);
        database_ = nullptr;
    }

  private:
    sqlite3* database_ = nullptr;
};

}  // namespace mailrota::rig
