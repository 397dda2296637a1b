#pragma once

#include <string_view>

namespace mailrota::store {

// The third step of the schema: attempts to relay, breakers, events, suppressions; as SQLite takes it.
//
// A recipient whom the provider gave no message id is not in the index of those, nor is an event in that of
// mails before it is known which mail it is of. Events are written by the thousand: what is only ever shown
// lies in one column (rest), and besides the key that tells a new one from a known one (a digest of provider
// and id, which are long and written all over the index) they have only the index of what waits, whose
// entries go again. event.recipient is the key of mail::Address.
inline constexpr std::string_view relays_on_sqlite = R"(CREATE TABLE relay_attempt (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    mail INTEGER NOT NULL,
    rota BLOB NOT NULL,
    provider BLOB NOT NULL,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    last INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    owner BLOB NOT NULL,
    words BLOB NOT NULL
);
CREATE INDEX relay_attempt_mail ON relay_attempt (mail, seq);
CREATE TABLE relay_recipient (
    attempt INTEGER NOT NULL,
    offer BLOB NOT NULL,
    place INTEGER NOT NULL,
    address BLOB NOT NULL,
    outcome INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    words BLOB NOT NULL,
    standing BLOB NOT NULL,
    standing_at INTEGER NOT NULL,
    PRIMARY KEY (attempt, offer)
) WITHOUT ROWID;
CREATE INDEX relay_recipient_offer ON relay_recipient (offer);
CREATE INDEX relay_recipient_provider_id ON relay_recipient (provider_id) WHERE length(provider_id) > 0;
CREATE TABLE breaker (
    scope BLOB PRIMARY KEY NOT NULL,
    state INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    period INTEGER NOT NULL,
    alarmed INTEGER NOT NULL,
    why BLOB NOT NULL,
    last_fault INTEGER NOT NULL,
    last_success INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE relay_hold (
    rota BLOB PRIMARY KEY NOT NULL,
    provider BLOB NOT NULL,
    valid_until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    provider BLOB NOT NULL,
    id BLOB NOT NULL,
    type BLOB NOT NULL,
    reason BLOB NOT NULL,
    soft INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempt BLOB NOT NULL,
    message_id BLOB NOT NULL,
    recipient BLOB NOT NULL,
    native BLOB NOT NULL,
    rest BLOB NOT NULL,
    received INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    mail BLOB NOT NULL
);
CREATE INDEX event_unsettled ON event (seq) WHERE settled = 0;
CREATE INDEX event_mail ON event (mail, at, seq) WHERE length(mail) > 0;
CREATE TABLE used_token (
    provider BLOB NOT NULL,
    token BLOB NOT NULL,
    valid_until INTEGER NOT NULL,
    PRIMARY KEY (provider, token)
) WITHOUT ROWID;
CREATE INDEX used_token_valid_until ON used_token (valid_until);
CREATE TABLE suppression (
    key BLOB PRIMARY KEY NOT NULL,
    address BLOB NOT NULL,
    reason BLOB NOT NULL,
    provider BLOB NOT NULL,
    detail BLOB NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
)";

}  // namespace mailrota::store
