#pragma once

#include <string_view>

namespace mailrota::store {

// The second step of the schema: mails with their journal and story, boxes, jobs; as SQLite takes it.
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

}  // namespace mailrota::store
