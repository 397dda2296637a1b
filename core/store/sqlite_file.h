#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "core/store/sql_connection.h"

struct sqlite3;

namespace mailrota::store {

struct CloseSqlite {
    void operator()(sqlite3* database) const;
};
using SqliteHandle = std::unique_ptr<sqlite3, CloseSqlite>;

// Opens the file at `path`, which must exist, for reading and writing.
SqlResult<SqliteHandle> open_sqlite_file(const std::string& path, std::chrono::milliseconds busy);

// Whether the file that `database` has open is no longer the one at its path.
bool has_moved(sqlite3* database);

// Watches that the database at a path stays the file that was opened, with a connection of its own.
//
// When it was moved or deleted, its write-ahead log is written back into it, and when another file stands at
// the path, the old log and index are taken away first, so that they can never be replayed into the new file.
// Thread-safe; owned by SqliteDatabase.
class SqliteFile {
  public:
    SqliteFile(std::string path, std::chrono::milliseconds busy);
    ~SqliteFile();

    // To be called before the path is opened and when a connection finds its file moved. Success: the path
    // may be opened. Fails with `unavailable` when nothing is there any more. Blocks for at most the busy
    // time.
    SqlResult<void> check();
    // Begins to watch the file that is at the path now, in WAL mode already, unless one is watched.
    SqlResult<void> watch();

  private:
    struct Identity {
        dev_t device = 0;
        ino_t inode = 0;
        bool operator==(const Identity&) const = default;
    };

    static Identity identity(const std::string& path);
    void leave_old_file();

    const std::string path_;
    const std::chrono::milliseconds busy_;
    std::mutex mutex_;
    SqliteHandle watched_;
    bool written_back_ = false;
    Identity log_;
    Identity index_;
};

}  // namespace mailrota::store
