#include "core/store/sql_row.h"

#include "core/store/string_list.h"

namespace mailrota::store {
std::string& text(SqlRow& row, std::size_t column) { return std::get<std::string>(row.at(column)); }

std::int64_t number(const SqlRow& row, std::size_t column) { return std::get<std::int64_t>(row.at(column)); }

Time time(const SqlRow& row, std::size_t column) { return Time(std::chrono::seconds(number(row, column))); }

std::string optional_text(SqlRow& row, std::size_t column) {
    auto* found = std::get_if<std::string>(&row.at(column));
    return found ? std::move(*found) : std::string();
}

bool has_types(const SqlRow& row, std::string_view types) {
    if (row.size() != types.size()) return false;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_text = types[i] == 't' || types[i] == 'T';
        const bool may_be_null = types[i] == 'T' || types[i] == '?';
        const bool fits = (is_text ? std::holds_alternative<std::string>(row[i])
                                   : std::holds_alternative<std::int64_t>(row[i])) ||
                          (may_be_null && std::holds_alternative<std::monostate>(row[i]));
        if (!fits) return false;
    }
    return true;
}

std::int64_t seconds(Time time) { return time.time_since_epoch().count(); }

Result<StoredTurn> read_turn(SqlRow row) {
    if (!has_types(row, "tttttttn")) return invalid("a row of table turn has foreign types");
    auto members = split_strings(text(row, 2));
    auto targets = split_strings(text(row, 3));
    if (!members || !targets) return invalid("a row of table turn has a broken list");
    return StoredTurn{
        std::move(text(row, 0)), std::move(text(row, 1)), std::move(*members),     std::move(*targets),
        std::move(text(row, 4)), std::move(text(row, 5)), std::move(text(row, 6)), time(row, 7)};
}

Result<std::pair<std::string, policy::MemberState>> read_member(SqlRow row) {
    if (!has_types(row, "ttnn?nnnn")) return invalid("a row of table rota_member has foreign types");
    policy::MemberState state;
    state.credit = number(row, 2);
    state.paused = number(row, 3) != 0;
    if (!std::holds_alternative<std::monostate>(row.at(4))) state.paused_until = time(row, 4);
    state.day = static_cast<std::int32_t>(number(row, 5));
    state.turns_today = static_cast<std::int32_t>(number(row, 6));
    state.turns = number(row, 7);
    state.last_turn = time(row, 8);
    return std::pair(std::move(text(row, 1)), state);
}

void add_member(std::vector<SqlParam>& params, std::string_view rota, std::string_view member,
                const policy::MemberState& state) {
    params.emplace_back(rota);
    params.emplace_back(member);
    params.emplace_back(state.credit);
    params.emplace_back(std::int64_t{state.paused});
    params.emplace_back(state.paused_until ? SqlParam(seconds(*state.paused_until)) : SqlParam());
    params.emplace_back(std::int64_t{state.day});
    params.emplace_back(std::int64_t{state.turns_today});
    params.emplace_back(state.turns);
    params.emplace_back(seconds(state.last_turn));
}

}  // namespace mailrota::store
