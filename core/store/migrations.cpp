#include "core/store/migrations.h"

#include <fmt/format.h>

namespace mailrota::store {
namespace {

// All strings are bytes (no encoding, no collation, every value), all integers 64 bits, all times seconds
// since 1970.
constexpr Migration all_migrations[] = {
    {1,
     R"(PRAGMA application_id = 1836216180;
CREATE TABLE turn (
    seq INTEGER PRIMARY KEY,
    rota BLOB NOT NULL,
    key BLOB NOT NULL,
    members BLOB NOT NULL,
    targets BLOB NOT NULL,
    reason BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (rota, key)
);
CREATE INDEX turn_at ON turn (at, seq);
CREATE INDEX turn_rota_at ON turn (rota, at, seq);
CREATE TABLE rota_member (
    rota BLOB NOT NULL,
    member BLOB NOT NULL,
    credit INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    paused_until INTEGER,
    day INTEGER NOT NULL,
    turns_today INTEGER NOT NULL,
    turns INTEGER NOT NULL,
    last_turn INTEGER NOT NULL,
    PRIMARY KEY (rota, member)
) WITHOUT ROWID;
CREATE TABLE sticky (
    rota BLOB NOT NULL,
    key BLOB NOT NULL,
    member BLOB NOT NULL,
    valid_until INTEGER NOT NULL,
    PRIMARY KEY (rota, key)
) WITHOUT ROWID;
CREATE INDEX sticky_valid_until ON sticky (valid_until);
CREATE TABLE message (name BLOB PRIMARY KEY NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE setting (name BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
)",
     R"(CREATE TABLE rota (name bytea PRIMARY KEY);
CREATE TABLE turn (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rota bytea NOT NULL,
    key bytea NOT NULL,
    members bytea NOT NULL,
    targets bytea NOT NULL,
    reason bytea NOT NULL,
    queue_id bytea NOT NULL,
    message_id bytea NOT NULL,
    at bigint NOT NULL,
    UNIQUE (rota, key)
);
CREATE INDEX turn_at ON turn (at, seq);
CREATE INDEX turn_rota_at ON turn (rota, at, seq);
CREATE TABLE rota_member (
    rota bytea NOT NULL,
    member bytea NOT NULL,
    credit bigint NOT NULL,
    paused bigint NOT NULL,
    paused_until bigint,
    day bigint NOT NULL,
    turns_today bigint NOT NULL,
    turns bigint NOT NULL,
    last_turn bigint NOT NULL,
    PRIMARY KEY (rota, member)
);
CREATE TABLE sticky (
    rota bytea NOT NULL,
    key bytea NOT NULL,
    member bytea NOT NULL,
    valid_until bigint NOT NULL,
    PRIMARY KEY (rota, key)
);
CREATE INDEX sticky_valid_until ON sticky (valid_until);
CREATE TABLE message (name bytea PRIMARY KEY, bytes bytea NOT NULL);
ALTER TABLE message ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE setting (name bytea PRIMARY KEY, value bytea NOT NULL);
)"},
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
