#pragma once

#include <string_view>

namespace mailrota::store {

// The third step of the schema as PostgreSQL takes it; schema_relays.h says why it is as it is.
inline constexpr std::string_view relays_on_postgresql = R"(CREATE TABLE relay_attempt (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    mail bigint NOT NULL,
    rota bytea NOT NULL,
    provider bytea NOT NULL,
    state bigint NOT NULL,
    tries bigint NOT NULL,
    begun bigint NOT NULL,
    last bigint NOT NULL,
    ended bigint NOT NULL,
    owner bytea NOT NULL,
    words bytea NOT NULL
);
CREATE INDEX relay_attempt_mail ON relay_attempt (mail, seq);
CREATE TABLE relay_recipient (
    attempt bigint NOT NULL,
    offer bytea NOT NULL,
    place bigint NOT NULL,
    address bytea NOT NULL,
    outcome bigint NOT NULL,
    provider_id bytea NOT NULL,
    words bytea NOT NULL,
    standing bytea NOT NULL,
    standing_at bigint NOT NULL,
    PRIMARY KEY (attempt, offer)
);
CREATE INDEX relay_recipient_offer ON relay_recipient (offer);
CREATE INDEX relay_recipient_provider_id ON relay_recipient (provider_id) WHERE length(provider_id) > 0;
CREATE TABLE breaker (
    scope bytea PRIMARY KEY,
    state bigint NOT NULL,
    failures bigint NOT NULL,
    valid_until bigint NOT NULL,
    period bigint NOT NULL,
    alarmed bigint NOT NULL,
    why bytea NOT NULL,
    last_fault bigint NOT NULL,
    last_success bigint NOT NULL
);
CREATE TABLE relay_hold (
    rota bytea PRIMARY KEY,
    provider bytea NOT NULL,
    valid_until bigint NOT NULL
);
CREATE TABLE event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key bytea NOT NULL UNIQUE,
    provider bytea NOT NULL,
    id bytea NOT NULL,
    type bytea NOT NULL,
    reason bytea NOT NULL,
    soft bigint NOT NULL,
    at bigint NOT NULL,
    attempt bytea NOT NULL,
    message_id bytea NOT NULL,
    recipient bytea NOT NULL,
    native bytea NOT NULL,
    rest bytea NOT NULL,
    received bigint NOT NULL,
    settled bigint NOT NULL,
    mail bytea NOT NULL
);
CREATE INDEX event_unsettled ON event (seq) WHERE settled = 0;
CREATE INDEX event_mail ON event (mail, at, seq) WHERE length(mail) > 0;
CREATE TABLE used_token (
    provider bytea NOT NULL,
    token bytea NOT NULL,
    valid_until bigint NOT NULL,
    PRIMARY KEY (provider, token)
);
CREATE INDEX used_token_valid_until ON used_token (valid_until);
CREATE TABLE suppression (
    key bytea PRIMARY KEY,
    address bytea NOT NULL,
    reason bytea NOT NULL,
    provider bytea NOT NULL,
    detail bytea NOT NULL,
    at bigint NOT NULL
);
)";

}  // namespace mailrota::store
