#include "core/store/sqlite_file.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/store/sqlite_error.h"

namespace mailrota::store {

void CloseSqlite::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

SqlResult<SqliteHandle> open_sqlite_file(const std::string& path, std::chrono::milliseconds busy) {
    sqlite3* opened = nullptr;
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    SqliteHandle database(opened);
    if (code != SQLITE_OK) return tl::unexpected(sqlite_error(opened, path));
    sqlite3_busy_timeout(opened, static_cast<int>(busy.count()));
    return database;
}

bool has_moved(sqlite3* database) {
    int moved = 0;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

SqliteFile::SqliteFile(std::string path, std::chrono::milliseconds busy)
    : path_(std::move(path)), busy_(busy) {}

SqliteFile::~SqliteFile() = default;

SqliteFile::Identity SqliteFile::identity(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return {};
    return {found.st_dev, found.st_ino};
}

SqlResult<void> SqliteFile::check() {
    const std::lock_guard lock(mutex_);
    if (!watched_) return {};
    if (!has_moved(watched_.get())) {
        written_back_ = false;
        return {};
    }
    if (!written_back_)
        sqlite3_wal_checkpoint_v2(watched_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    written_back_ = true;
    if (identity(path_) == Identity{})
        return sql_error(SqlError::Kind::unavailable,
                         fmt::format("database {}: the file was deleted or moved; put it back, or restart to "
                                     "begin with an empty one",
                                     path_));
    leave_old_file();
    return {};
}

void SqliteFile::leave_old_file() {
    if (identity(path_ + "-wal") == log_) ::unlink((path_ + "-wal").c_str());
    if (identity(path_ + "-shm") == index_) ::unlink((path_ + "-shm").c_str());
    watched_.reset();
}

// A read makes sure that log and index are open, and so cannot be deleted by another program that closes the
// database.
SqlResult<void> SqliteFile::watch() {
    const std::lock_guard lock(mutex_);
    if (watched_) return {};
    auto opened = open_sqlite_file(path_, busy_);
    if (!opened) return tl::unexpected(opened.error());
    if (sqlite3_exec(opened->get(), "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr) !=
        SQLITE_OK)
        return tl::unexpected(sqlite_error(opened->get(), path_));
    watched_ = std::move(*opened);
    log_ = identity(path_ + "-wal");
    index_ = identity(path_ + "-shm");
    written_back_ = false;
    return {};
}

}  // namespace mailrota::store
