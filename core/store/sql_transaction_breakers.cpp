#include <fmt/format.h>

#include "core/store/sql_relay_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

namespace mailrota::store {

Result<std::vector<policy::Breaker>> SqlTransaction::breakers(const std::vector<std::string>& scopes) {
    const std::string which =
        scopes.empty() ? "" : fmt::format("WHERE scope IN ({})", placeholders(1, scopes.size()));
    const std::vector<SqlParam> params(scopes.begin(), scopes.end());
    auto rows = ask(locking(fmt::format("SELECT {} FROM breaker {} ORDER BY scope", breaker_columns, which),
                            "FOR UPDATE"),
                    params);
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_breaker);
}

Result<void> SqlTransaction::put_breaker(const policy::Breaker& breaker) {
    static const std::string sql = fmt::format(
        "INSERT INTO breaker ({}) VALUES {} ON CONFLICT (scope) DO UPDATE SET state = excluded.state, "
        "failures = excluded.failures, valid_until = excluded.valid_until, period = excluded.period, alarmed "
        "= excluded.alarmed, why = excluded.why, last_fault = excluded.last_fault, last_success = "
        "excluded.last_success",
        breaker_columns, placeholder_rows(1, 9));
    return write(sql,
                 {breaker.scope, static_cast<std::int64_t>(breaker.state), std::int64_t{breaker.failures},
                  seconds(breaker.until), std::int64_t{breaker.period.count()}, std::int64_t{breaker.alarmed},
                  breaker.why, seconds(breaker.last_fault), seconds(breaker.last_success)});
}

Result<std::optional<RelayHold>> SqlTransaction::relay_hold(std::string_view rota) {
    auto rows = ask("SELECT provider, valid_until FROM relay_hold WHERE rota = $1", {rota});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    SqlRow& row = rows->rows.front();
    if (!has_types(row, "tn")) return invalid("a row of table relay_hold has foreign types");
    return RelayHold{std::move(text(row, 0)), time(row, 1)};
}

Result<void> SqlTransaction::put_relay_hold(std::string_view rota, const RelayHold& hold) {
    return write(
        "INSERT INTO relay_hold (rota, provider, valid_until) VALUES ($1, $2, $3) ON CONFLICT (rota) DO "
        "UPDATE SET provider = excluded.provider, valid_until = excluded.valid_until",
        {rota, hold.provider, seconds(hold.until)});
}

}  // namespace mailrota::store
