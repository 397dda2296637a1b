#pragma once

#include "core/store/sql_connection.h"
#include "core/store/store.h"

namespace mailrota::store {

// Rows of the tables as values. The columns are those of the texts below, in their order.
inline constexpr std::string_view turn_columns =
    "rota, key, members, targets, reason, queue_id, message_id, at";
inline constexpr std::string_view member_columns =
    "rota, member, credit, paused, paused_until, day, turns_today, turns, last_turn";

// Fails with `invalid` on a row that this program cannot have written.
Result<StoredTurn> read_turn(SqlRow row);
Result<std::pair<std::string, policy::MemberState>> read_member(SqlRow row);

// Appends the parameters of one row; they view into the arguments.
void add_member(std::vector<SqlParam>& params, std::string_view rota, std::string_view member,
                const policy::MemberState& state);

// Seconds since 1970.
std::int64_t seconds(Time time);

}  // namespace mailrota::store
