#include "core/store/sql_connection.h"

namespace mailrota::store {

Error to_error(const SqlError& error) {
    const bool invalid = error.kind == SqlError::Kind::invalid;
    return Error{invalid ? ErrorKind::invalid : ErrorKind::unavailable, error.text};
}

SqlResult<SqlRows> SqlConnection::execute(std::string_view sql, std::initializer_list<SqlParam> params) {
    return execute(sql, std::span<const SqlParam>(params.begin(), params.size()));
}

}  // namespace mailrota::store
