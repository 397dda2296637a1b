#include <fmt/format.h>

#include <algorithm>

#include "core/store/sql_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"
#include "core/store/string_list.h"

namespace mailrota::store {

Result<void> SqlTransaction::put_turn(const StoredTurn& turn) {
    static const std::string sql = fmt::format(
        "INSERT INTO turn ({}) VALUES {} ON CONFLICT (rota, key) DO UPDATE SET members = excluded.members, "
        "targets = excluded.targets, reason = excluded.reason, queue_id = excluded.queue_id, "
        "message_id = excluded.message_id, at = excluded.at",
        turn_columns, placeholder_rows(1, 8));
    const std::string members = join_strings(turn.members);
    const std::string targets = join_strings(turn.targets);
    return write(sql, {turn.rota, turn.key, members, targets, turn.reason, turn.queue_id, turn.message_id,
                       seconds(turn.at)});
}

Result<void> SqlTransaction::put_rota_state(std::string_view rota, const RotaState& state) {
    if (auto allowed = may_touch(rota); !allowed) return allowed;
    RotaState& known = loaded_[std::string(rota)];
    std::vector<RotaState::const_iterator> changed;
    for (auto entry = state.begin(); entry != state.end(); ++entry)
        if (auto old = known.find(entry->first); old == known.end() || old->second != entry->second)
            changed.push_back(entry);
    for (const auto [first, count] : chunks(changed.size())) {
        std::vector<SqlParam> params;
        for (std::size_t i = first; i < first + count; ++i)
            add_member(params, rota, changed[i]->first, changed[i]->second);
        auto written = write(
            fmt::format(
                "INSERT INTO rota_member ({}) VALUES {} ON CONFLICT (rota, member) DO UPDATE SET "
                "credit = excluded.credit, paused = excluded.paused, paused_until = excluded.paused_until, "
                "day = excluded.day, turns_today = excluded.turns_today, turns = excluded.turns, "
                "last_turn = excluded.last_turn",
                member_columns, placeholder_rows(count, 9)),
            params);
        if (!written) return written;
    }
    for (const auto& entry : changed) known.insert_or_assign(entry->first, entry->second);
    return {};
}

// Keys are sorted first: one statement may not write a row twice, and rows are locked in one order on every
// node.
Result<void> SqlTransaction::put_sticky(std::string_view rota, const std::vector<std::string>& keys,
                                        std::string_view member, Time until) {
    std::vector<std::string_view> sorted(keys.begin(), keys.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (const auto [first, count] : chunks(sorted.size())) {
        std::vector<SqlParam> params;
        for (std::size_t i = first; i < first + count; ++i)
            params.insert(params.end(), {rota, sorted[i], member, seconds(until)});
        auto written =
            write(fmt::format(
                      "INSERT INTO sticky (rota, key, member, valid_until) VALUES {} ON CONFLICT (rota, key) "
                      "DO UPDATE SET member = excluded.member, valid_until = excluded.valid_until",
                      placeholder_rows(count, 4)),
                  params);
        if (!written) return written;
    }
    return {};
}

Result<void> SqlTransaction::put_bytes(std::string_view name, std::string_view bytes) {
    return write(
        "INSERT INTO message (name, bytes) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET bytes = "
        "excluded.bytes",
        {name, bytes});
}

Result<void> SqlTransaction::drop_bytes(std::string_view name) {
    return write("DELETE FROM message WHERE name = $1", {name});
}

Result<void> SqlTransaction::add_setting(std::string_view name, std::string_view value) {
    return write("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                 {name, value});
}

Result<void> SqlTransaction::put_setting(std::string_view name, std::string_view value) {
    return write(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = "
        "excluded.value",
        {name, value});
}

}  // namespace mailrota::store
