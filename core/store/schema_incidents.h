#pragma once

#include <string_view>

namespace mailrota::store {

// The fourth step of the schema: incidents with what belongs to them, calls and messages, heartbeats, and
// jobs that are hastened; as SQLite takes it.
//
// A number is never given twice: people know an incident by it. incident.ended is when it is or will be over
// (the end of its window, or when it was resolved: state 2): what is live is found from there, and so is what
// purge() forgets. job.hastened is when a job that was leased at the time is to be due again at the latest.
inline constexpr std::string_view incidents_on_sqlite = R"(CREATE TABLE incident (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    alert BLOB NOT NULL,
    key BLOB NOT NULL,
    state INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    acknowledge INTEGER NOT NULL,
    say BLOB NOT NULL,
    text BLOB NOT NULL,
    subject BLOB NOT NULL,
    mail BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    rule BLOB NOT NULL,
    opened INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    changed_by BLOB NOT NULL,
    mails INTEGER NOT NULL,
    escalations INTEGER NOT NULL,
    round INTEGER NOT NULL,
    step INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    members BLOB NOT NULL,
    away BLOB NOT NULL,
    attempt INTEGER NOT NULL,
    due INTEGER NOT NULL,
    ended INTEGER NOT NULL
);
CREATE INDEX incident_key ON incident (alert, key, number) WHERE state <> 2;
CREATE INDEX incident_ended ON incident (ended);
CREATE TABLE incident_trigger (
    alert BLOB NOT NULL,
    key BLOB NOT NULL,
    mail BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (alert, key, mail)
) WITHOUT ROWID;
CREATE INDEX incident_trigger_key ON incident_trigger (alert, key, at);
CREATE INDEX incident_trigger_at ON incident_trigger (at);
CREATE TABLE trigger_line (
    incident INTEGER NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (incident, line)
) WITHOUT ROWID;
CREATE TABLE incident_line (
    seq INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL,
    event BLOB NOT NULL,
    text BLOB NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX incident_line_incident ON incident_line (incident, at, seq);
CREATE TABLE contact (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    incident INTEGER NOT NULL,
    escalation INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    way INTEGER NOT NULL,
    member BLOB NOT NULL,
    number BLOB NOT NULL,
    language BLOB NOT NULL,
    voice BLOB NOT NULL,
    state INTEGER NOT NULL,
    account BLOB NOT NULL,
    provider_id BLOB NOT NULL,
    status BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    human INTEGER NOT NULL,
    answered_by BLOB NOT NULL,
    tries INTEGER NOT NULL,
    made INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    words BLOB NOT NULL
);
CREATE INDEX contact_incident ON contact (incident, made, seq);
CREATE INDEX contact_number ON contact (number, way, begun, seq);
CREATE INDEX contact_under_way ON contact (account) WHERE way = 0 AND state IN (1, 2);
CREATE TABLE telephone_slot (account BLOB PRIMARY KEY NOT NULL, taken INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE barred_number (
    number BLOB PRIMARY KEY NOT NULL,
    why BLOB NOT NULL,
    valid_until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE heartbeat (
    name BLOB PRIMARY KEY NOT NULL,
    begun INTEGER NOT NULL,
    last INTEGER,
    alarmed INTEGER
) WITHOUT ROWID;
ALTER TABLE job ADD COLUMN hastened INTEGER;
)";

}  // namespace mailrota::store
