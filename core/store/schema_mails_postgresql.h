#pragma once

#include <string_view>

namespace mailrota::store {

// The second step of the schema as PostgreSQL takes it; schema_mails.h says why it is as it is.
inline constexpr std::string_view mails_on_postgresql = R"(CREATE TABLE mail (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    message_key bytea NOT NULL,
    queue_id bytea NOT NULL,
    message_id bytea NOT NULL,
    sender bytea NOT NULL,
    listener bytea NOT NULL,
    size bigint NOT NULL,
    arrived bigint NOT NULL
);
CREATE INDEX mail_queue_id ON mail (queue_id);
CREATE INDEX mail_message_id ON mail (message_id);
CREATE TABLE journal (
    mail bigint NOT NULL,
    offer bytea NOT NULL UNIQUE,
    recipient bytea NOT NULL,
    route bytea NOT NULL,
    destination bytea NOT NULL,
    rule bytea NOT NULL,
    why bytea NOT NULL,
    outcome bigint NOT NULL,
    reply bytea NOT NULL,
    attempts bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (mail, offer)
);
CREATE TABLE story (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail bytea NOT NULL,
    recipient bytea NOT NULL,
    event bytea NOT NULL,
    text bytea NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX story_mail ON story (mail, seq);
CREATE TABLE box_item (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    box bytea NOT NULL,
    mail bytea NOT NULL,
    sender bytea NOT NULL,
    sender_parameters bytea NOT NULL,
    recipients bytea NOT NULL,
    size bigint NOT NULL,
    queued bigint NOT NULL,
    expires bigint NOT NULL,
    leases bigint NOT NULL,
    lease bytea,
    leased_until bigint NOT NULL
);
CREATE INDEX box_item_box ON box_item (box, seq);
CREATE INDEX box_item_lease ON box_item (lease) WHERE lease IS NOT NULL;
CREATE TABLE box_bytes (item bigint PRIMARY KEY, bytes bytea NOT NULL);
ALTER TABLE box_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key bytea NOT NULL UNIQUE,
    kind bytea NOT NULL,
    mail bytea NOT NULL,
    payload bytea NOT NULL,
    priority bigint NOT NULL,
    state bigint NOT NULL,
    created bigint NOT NULL,
    due bigint NOT NULL,
    expires bigint NOT NULL,
    attempts bigint NOT NULL,
    last bytea NOT NULL,
    owner bytea NOT NULL,
    fence bigint NOT NULL,
    leased_until bigint NOT NULL,
    ready bigint
);
CREATE INDEX job_order ON job (priority DESC, due, id) WHERE ready IS NOT NULL;
CREATE INDEX job_ready ON job (ready) WHERE ready IS NOT NULL;
CREATE INDEX job_done ON job (leased_until) WHERE state = 2;
CREATE INDEX job_mail ON job (mail);
CREATE TABLE job_bytes (job bigint PRIMARY KEY, bytes bytea NOT NULL);
ALTER TABLE job_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;
)";

}  // namespace mailrota::store
