#pragma once

#include <string_view>

namespace mailrota::store {

// The first step of the schema: turns, conversations, messages by name, settings.
//
// Of every step: all strings are bytes (no encoding, no collation, every value), all integers 64 bits, all
// times seconds since 1970.
inline constexpr std::string_view turns_on_sqlite = R"(PRAGMA application_id = 1836216180;
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
)";

inline constexpr std::string_view turns_on_postgresql = R"(CREATE TABLE rota (name bytea PRIMARY KEY);
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
)";

}  // namespace mailrota::store
