#include "core/store/migrations.h"

#include <fmt/format.h>

#include "core/store/schema_incidents.h"
#include "core/store/schema_incidents_postgresql.h"
#include "core/store/schema_mails.h"
#include "core/store/schema_mails_postgresql.h"
#include "core/store/schema_relays.h"
#include "core/store/schema_relays_postgresql.h"
#include "core/store/schema_turns.h"

namespace mailrota::store {
namespace {

constexpr Migration all_migrations[] = {
    {1, turns_on_sqlite, turns_on_postgresql},
    {2, mails_on_sqlite, mails_on_postgresql},
    {3, relays_on_sqlite, relays_on_postgresql},
    {4, incidents_on_sqlite, incidents_on_postgresql},
};

constexpr int newest = all_migrations[std::size(all_migrations) - 1].number;

SqlResult<int> schema_version(SqlConnection& connection) {
    auto rows = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version");
    if (!rows) return tl::unexpected(rows.error());
    return static_cast<int>(std::get<std::int64_t>(rows->rows.at(0).at(0)));
}

SqlResult<void> check_version(int version, const std::string& name) {
    if (version == newest) return {};
    if (version > newest)
        return sql_error(
            SqlError::Kind::invalid,
            fmt::format(
                "database {}: its schema version {} is newer than this program's {}; upgrade mailrota", name,
                version, newest));
    return sql_error(
        SqlError::Kind::invalid,
        fmt::format(
            "database {}: its schema version {} is older than this program's {}; start the daemon once to "
            "bring it up to date",
            name, version, newest));
}

SqlResult<void> apply(SqlConnection& connection, const Migration& migration) {
    const bool sqlite = connection.dialect() == SqlConnection::Dialect::sqlite;
    if (auto done = connection.execute_script(std::string(sqlite ? migration.sqlite : migration.postgresql));
        !done)
        return done;
    return connection
        .execute("INSERT INTO schema_version (version) VALUES ($1)", {std::int64_t{migration.number}})
        .map([](const SqlRows&) {});
}

SqlResult<void> apply_missing(SqlConnection& connection, const std::string& name) {
    if (auto made =
            connection.execute_script("CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)");
        !made)
        return made;
    auto version = schema_version(connection);
    if (!version) return tl::unexpected(version.error());
    if (*version > newest) return check_version(*version, name);
    for (const Migration& migration : migrations())
        if (migration.number > *version)
            if (auto done = apply(connection, migration); !done) return done;
    return connection.commit();
}

}  // namespace

std::span<const Migration> migrations() { return all_migrations; }

SqlResult<void> migrate(SqlConnection& connection, const std::string& name) {
    if (auto version = schema_version(connection); version && *version >= newest)
        return check_version(*version, name);
    if (auto begun = connection.begin_exclusive(); !begun) return begun;
    auto done = apply_missing(connection, name);
    connection.rollback();
    return done;
}

SqlResult<void> check_schema(SqlConnection& connection, const std::string& name) {
    auto version = schema_version(connection);
    if (version) return check_version(*version, name);
    if (version.error().kind != SqlError::Kind::invalid) return tl::unexpected(version.error());
    return sql_error(
        SqlError::Kind::unavailable,
        fmt::format("database {}: no tables of mailrota in it ({}); start the daemon once to make them", name,
                    version.error().text));
}

}  // namespace mailrota::store
