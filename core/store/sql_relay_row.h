#pragma once

#include <utility>

#include "core/store/sql_row.h"

namespace mailrota::store {

// Rows about relaying as values. The columns are those of the texts below, in their order.
//
// Of relay_attempt joined with its mail.
inline constexpr std::string_view attempt_columns =
    "relay_attempt.seq, relay_attempt.id, mail.id, relay_attempt.rota, relay_attempt.provider, "
    "relay_attempt.state, relay_attempt.tries, relay_attempt.begun, relay_attempt.last, relay_attempt.ended, "
    "relay_attempt.owner, relay_attempt.words";
inline constexpr std::string_view recipient_columns =
    "attempt, offer, address, outcome, provider_id, words, standing, standing_at";
inline constexpr std::string_view breaker_columns =
    "scope, state, failures, valid_until, period, alarmed, why, last_fault, last_success";

// With the number of its row or, of a recipient, that of its attempt.
template <class Value>
using Numbered = std::pair<std::int64_t, Value>;

// Fail with `invalid` on a row that this program cannot have written.
Result<Numbered<RelayAttempt>> read_attempt(SqlRow row);  // without its recipients
Result<Numbered<RelayAttempt::Recipient>> read_recipient(SqlRow row);
Result<policy::Breaker> read_breaker(SqlRow row);

}  // namespace mailrota::store
