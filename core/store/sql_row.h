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

// Whether the row has these columns: t text, T text or null, n number, ? number or null. The types of columns
// are the schema's, so only a foreign or damaged table can differ.
bool has_types(const SqlRow& row, std::string_view types);
// Of a column that has the type.
std::string& text(SqlRow& row, std::size_t column);
std::string optional_text(SqlRow& row, std::size_t column);  // empty for null
std::int64_t number(const SqlRow& row, std::size_t column);
Time time(const SqlRow& row, std::size_t column);

// A closed set as its number; the last one says how many there are.
template <class Set>
std::optional<Set> to_set(std::int64_t number, Set last) {
    if (number < 0 || number > static_cast<std::int64_t>(last)) return std::nullopt;
    return static_cast<Set>(number);
}

// Each row as a value by `read`; the first one that cannot be read is an error.
template <class Read>
auto read_rows(SqlRows rows, Read read)
    -> Result<std::vector<typename decltype(read(SqlRow()))::value_type>> {
    std::vector<typename decltype(read(SqlRow()))::value_type> values;
    values.reserve(rows.rows.size());
    for (SqlRow& row : rows.rows) {
        auto value = read(std::move(row));
        if (!value) return tl::unexpected(value.error());
        values.push_back(std::move(*value));
    }
    return values;
}

}  // namespace mailrota::store
