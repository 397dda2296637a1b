#pragma once

#include <string>

#include "core/store/sql_connection.h"

struct sqlite3;

namespace mailrota::store {

// The last error of `database`, told with the file's path and what to do about it. `database` may be null
// (out of memory).
SqlError sqlite_error(sqlite3* database, const std::string& path);

}  // namespace mailrota::store
