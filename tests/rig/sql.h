#pragma once

#include <string>
#include <vector>

namespace mailrota::rig {

using Rows = std::vector<std::vector<std::string>>;

/// Runs one statement in a store, named as our configuration names it: "sqlite:/PATH" or "postgresql://…".
/// NULL is empty. PostgreSQL shows bytes as text (bytea_output is "escape"), so that CAST(x AS TEXT) reads
/// the same from both. Waits 20 seconds for others' locks; throws std::runtime_error.
Rows sql(const std::string& store, const std::string& statement);
/// The first column of the first row; empty if there is none.
std::string sql_value(const std::string& store, const std::string& statement);

}  // namespace mailrota::rig
