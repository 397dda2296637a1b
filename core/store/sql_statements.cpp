#include "core/store/sql_statements.h"

#include <fmt/format.h>

namespace mailrota::store {

Result<SqlRows> SqlStatements::ask(std::string_view sql, std::span<const SqlParam> params) {
    if (fault_) return tl::unexpected(to_error(*fault_));
    auto rows = connection_.execute(sql, params);
    if (rows) return std::move(*rows);
    fault_ = rows.error();
    return tl::unexpected(to_error(*fault_));
}

Result<void> SqlStatements::write(std::string_view sql, std::span<const SqlParam> params) {
    return change(sql, params).map([](std::size_t) {});
}

Result<std::size_t> SqlStatements::change(std::string_view sql, std::span<const SqlParam> params) {
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    return ask(sql, params).map([](const SqlRows& rows) { return rows.changed; });
}

Result<void> SqlStatements::may_write() const {
    if (is_write()) return {};
    return invalid("a read may not write");
}

std::string SqlStatements::locking(std::string_view sql, std::string_view how) const {
    if (!is_write() || !has_other_writers()) return std::string(sql);
    return fmt::format("{} {}", sql, how);
}

}  // namespace mailrota::store
