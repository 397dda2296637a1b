#pragma once

#include <string_view>

namespace mailrota::store {

// The fourth step of the schema as PostgreSQL takes it; schema_incidents.h says why it is as it is. Whoever
// changes an incident locks the row that it adds to table rota (incidents_lock).
inline constexpr std::string_view incidents_on_postgresql = R"(CREATE TABLE incident (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert bytea NOT NULL,
    key bytea NOT NULL,
    state bigint NOT NULL,
    severity bigint NOT NULL,
    acknowledge bigint NOT NULL,
    say bytea NOT NULL,
    text bytea NOT NULL,
    subject bytea NOT NULL,
    mail bytea NOT NULL,
    queue_id bytea NOT NULL,
    rule bytea NOT NULL,
    opened bigint NOT NULL,
    valid_until bigint NOT NULL,
    changed bigint NOT NULL,
    changed_by bytea NOT NULL,
    mails bigint NOT NULL,
    escalations bigint NOT NULL,
    round bigint NOT NULL,
    step bigint NOT NULL,
    tries bigint NOT NULL,
    members bytea NOT NULL,
    away bytea NOT NULL,
    attempt bigint NOT NULL,
    due bigint NOT NULL,
    ended bigint NOT NULL
);
CREATE INDEX incident_key ON incident (alert, key, number) WHERE state <> 2;
CREATE INDEX incident_ended ON incident (ended);
CREATE TABLE incident_trigger (
    alert bytea NOT NULL,
    key bytea NOT NULL,
    mail bytea NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (alert, key, mail)
);
CREATE INDEX incident_trigger_key ON incident_trigger (alert, key, at);
CREATE INDEX incident_trigger_at ON incident_trigger (at);
CREATE TABLE trigger_line (
    incident bigint NOT NULL,
    line bytea NOT NULL,
    PRIMARY KEY (incident, line)
);
CREATE TABLE incident_line (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident bigint NOT NULL,
    event bytea NOT NULL,
    text bytea NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX incident_line_incident ON incident_line (incident, at, seq);
CREATE TABLE contact (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    incident bigint NOT NULL,
    escalation bigint NOT NULL,
    attempt bigint NOT NULL,
    way bigint NOT NULL,
    member bytea NOT NULL,
    number bytea NOT NULL,
    language bytea NOT NULL,
    voice bytea NOT NULL,
    state bigint NOT NULL,
    account bytea NOT NULL,
    provider_id bytea NOT NULL,
    status bytea NOT NULL,
    sequence bigint NOT NULL,
    human bigint NOT NULL,
    answered_by bytea NOT NULL,
    tries bigint NOT NULL,
    made bigint NOT NULL,
    begun bigint NOT NULL,
    ended bigint NOT NULL,
    words bytea NOT NULL
);
CREATE INDEX contact_incident ON contact (incident, made, seq);
CREATE INDEX contact_number ON contact (number, way, begun, seq);
CREATE INDEX contact_under_way ON contact (account) WHERE way = 0 AND state IN (1, 2);
CREATE TABLE telephone_slot (account bytea PRIMARY KEY, taken bigint NOT NULL);
CREATE TABLE barred_number (
    number bytea PRIMARY KEY,
    why bytea NOT NULL,
    valid_until bigint NOT NULL
);
CREATE TABLE heartbeat (
    name bytea PRIMARY KEY,
    begun bigint NOT NULL,
    last bigint,
    alarmed bigint
);
ALTER TABLE job ADD COLUMN hastened bigint;
INSERT INTO rota (name) VALUES ('\xff696e636964656e7473') ON CONFLICT DO NOTHING;
)";

}  // namespace mailrota::store
