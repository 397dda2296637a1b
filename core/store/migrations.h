#pragma once

#include <span>
#include <string_view>

#include "core/store/sql_connection.h"

namespace mailrota::store {

// One step of the schema. Appended, never edited: databases in the field have run the ones before.
struct Migration {
    int number = 0;
    std::string_view sqlite;
    std::string_view postgresql;
};

// In ascending order, without gaps, from 1.
std::span<const Migration> migrations();

// Brings the database up to date, in one transaction, whoever else starts at the same moment. Fails with
// `invalid` on a schema that is newer than this program.
SqlResult<void> migrate(SqlConnection& connection, const std::string& name);

// Fails if the schema is not this program's.
SqlResult<void> check_schema(SqlConnection& connection, const std::string& name);

}  // namespace mailrota::store
