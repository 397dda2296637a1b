#include "core/store/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace mailrota::store {
namespace {

SqlError unavailable_because(const std::string& path, std::string_view what) {
    return {SqlError::Kind::unavailable, fmt::format("database {}: {}", path, what)};
}

SqlError input_output_error(sqlite3* database, const std::string& path) {
    const int number = sqlite3_system_errno(database);
    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        return unavailable_because(path, "the disk is full; free space on its file system");
    return unavailable_because(path, fmt::format("input/output error {} ({}); check the disk and its mount",
                                                 sqlite3_extended_errcode(database), std::strerror(number)));
}

// The log beside the database must be made and written, so the folder counts as much as the file.
std::string why_not_open(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    if (::access(path.c_str(), R_OK | W_OK) != 0) return std::strerror(errno);
    if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0)
        return std::string("its folder: ") + std::strerror(errno);
    return "check the owner and mode of the file and of its folder";
}

}  // namespace

SqlError sqlite_error(sqlite3* database, const std::string& path) {
    switch (sqlite3_errcode(database) & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return unavailable_because(
                path, "locked by another program for too long; see `fuser` for who has it open");
        case SQLITE_FULL:
            return unavailable_because(path, "the disk is full; free space on its file system");
        case SQLITE_READONLY:
            return unavailable_because(path,
                                       "read-only; make the file and its folder writable for this user");
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return unavailable_because(path, "access denied; check owner and mode");
        case SQLITE_CANTOPEN:
            return unavailable_because(path, "cannot be opened: " + why_not_open(path));
        case SQLITE_NOMEM:
            return unavailable_because(path, "out of memory");
        case SQLITE_PROTOCOL:
            return unavailable_because(path, "its lock could not be had; try again");
        case SQLITE_IOERR:
            return input_output_error(database, path);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {SqlError::Kind::invalid, fmt::format("database {}: damaged or not a SQLite database "
                                                         "({}); restore it from a backup or move it away",
                                                         path, sqlite3_errmsg(database))};
        default:
            return {SqlError::Kind::invalid, fmt::format("database {}: {}", path, sqlite3_errmsg(database))};
    }
}

}  // namespace mailrota::store
