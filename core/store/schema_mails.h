#pragma once

#include <string_view>

namespace mailrota::store {

// The second step of the schema: mails with their journal and story, boxes, jobs.
//
// A mail's entries lie together, in the order in which mails came: only the indexes on digests and names
// (mail.id, mail.message_id, journal.offer, box_item.id) are written at places that are all over the file,
// and those are what a mail costs. Bytes have tables of their own, so that a lease or an acknowledgement does
// not write them again. job.ready is when a job may be claimed (due, or the end of its lease), null when it
// is over; a job's number is never given twice, so that a fence of one job is none of another's.
inline constexpr std::string_view mails_on_sqlite = R"(CREATE TABLE mail (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    message_key BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    sender BLOB NOT NULL,
    listener BLOB NOT NULL,
    size INTEGER NOT NULL,
    arrived INTEGER NOT NULL
);
CREATE INDEX mail_queue_id ON mail (queue_id);
CREATE INDEX mail_message_id ON mail (message_id);
CREATE TABLE journal (
    mail INTEGER NOT NULL,
    offer BLOB NOT NULL UNIQUE,
    recipient BLOB NOT NULL,
    route BLOB NOT NULL,
    destination BLOB NOT NULL,
    rule BLOB NOT NULL,
    why BLOB NOT NULL,
    outcome INTEGER NOT NULL,
    reply BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (mail, offer)
) WITHOUT ROWID;
CREATE TABLE story (
    seq INTEGER PRIMARY KEY,
    mail BLOB NOT NULL,
    recipient BLOB NOT NULL,
    event BLOB NOT NULL,
    text BLOB NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX story_mail ON story (mail, seq);
CREATE TABLE box_item (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    box BLOB NOT NULL,
    mail BLOB NOT NULL,
    sender BLOB NOT NULL,
    sender_parameters BLOB NOT NULL,
    recipients BLOB NOT NULL,
    size INTEGER NOT NULL,
    queued INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    leases INTEGER NOT NULL,
    lease BLOB,
    leased_until INTEGER NOT NULL
);
CREATE INDEX box_item_box ON box_item (box, seq);
CREATE INDEX box_item_lease ON box_item (lease) WHERE lease IS NOT NULL;
CREATE TABLE box_bytes (item INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,
    kind BLOB NOT NULL,
    mail BLOB NOT NULL,
    payload BLOB NOT NULL,
    priority INTEGER NOT NULL,
    state INTEGER NOT NULL,
    created INTEGER NOT NULL,
    due INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    last BLOB NOT NULL,
    owner BLOB NOT NULL,
    fence INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    ready INTEGER
);
CREATE INDEX job_order ON job (priority DESC, due, id) WHERE ready IS NOT NULL;
CREATE INDEX job_ready ON job (ready) WHERE ready IS NOT NULL;
CREATE INDEX job_done ON job (leased_until) WHERE state = 2;
CREATE INDEX job_mail ON job (mail);
CREATE TABLE job_bytes (job INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
)";

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
