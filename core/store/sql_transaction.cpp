#include "core/store/sql_transaction.h"

#include <fmt/format.h>

#include "core/store/sql_row.h"
#include "core/store/sql_text.h"

namespace mailrota::store {
namespace {

std::optional<std::string> first_text(SqlRows rows) {
    if (rows.rows.empty()) return std::nullopt;
    return std::get<std::string>(std::move(rows.rows.front().at(0)));
}

// Rows are (key, member); keys stand from the oldest to the newest.
std::optional<std::string> member_of_newest(const SqlRows& rows, std::span<const std::string> keys) {
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
        for (const SqlRow& row : rows.rows)
            if (std::get<std::string>(row.at(0)) == *key) return std::get<std::string>(row.at(1));
    return std::nullopt;
}

}  // namespace

Result<void> SqlTransaction::may_touch(std::string_view rota) const {
    if (!is_write() || was_locked(rota)) return {};
    return invalid(fmt::format("rota {} was not named to the write that uses it", rota));
}

Result<std::optional<StoredTurn>> SqlTransaction::turn(std::string_view rota, std::string_view key) {
    static const std::string sql =
        fmt::format("SELECT {} FROM turn WHERE rota = $1 AND key = $2", turn_columns);
    auto rows = ask(sql, {rota, key});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return read_turn(std::move(rows->rows.front()));
}

Result<std::vector<StoredTurn>> SqlTransaction::history(std::string_view rota, std::size_t limit) {
    static const std::string of_all =
        fmt::format("SELECT {} FROM turn ORDER BY at DESC, seq DESC LIMIT $1", turn_columns);
    static const std::string of_one =
        fmt::format("SELECT {} FROM turn WHERE rota = $1 ORDER BY at DESC, seq DESC LIMIT $2", turn_columns);
    const std::int64_t most = to_limit(limit);
    auto rows = rota.empty() ? ask(of_all, {most}) : ask(of_one, {rota, most});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_turn);
}

// The index is by rota and key, so the rotas are walked: an index by key would cost every mail a turn is
// drawn for, and only people ask.
Result<std::vector<StoredTurn>> SqlTransaction::turns_of(std::string_view key) {
    static const std::string sql = fmt::format(
        "WITH RECURSIVE each (name) AS (SELECT (SELECT rota FROM turn ORDER BY rota LIMIT 1) UNION ALL "
        "SELECT (SELECT rota FROM turn WHERE rota > each.name ORDER BY rota LIMIT 1) FROM each WHERE "
        "each.name "
        "IS NOT NULL) SELECT {} FROM each JOIN turn ON turn.rota = each.name WHERE turn.key = $1 ORDER BY "
        "rota",
        turn_columns);
    auto rows = ask(sql, {key});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_turn);
}

// Looks at every turn, as an index would again cost each mail.
Result<std::vector<StoredTurn>> SqlTransaction::find_turns(std::string_view id, std::size_t limit) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM turn WHERE queue_id = $1 OR message_id IN ($2, $3) ORDER BY at DESC, seq DESC LIMIT "
        "$4",
        turn_columns);
    const std::string_view bare = without_brackets(id);
    if (bare.empty()) return std::vector<StoredTurn>();
    auto rows = ask(sql, {id, bare, fmt::format("<{}>", bare), to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_turn);
}

Result<RotaState> SqlTransaction::rota_state(std::string_view rota) {
    static const std::string sql = fmt::format("SELECT {} FROM rota_member WHERE rota = $1", member_columns);
    if (auto allowed = may_touch(rota); !allowed) return tl::unexpected(allowed.error());
    auto rows = ask(sql, {rota});
    if (!rows) return tl::unexpected(rows.error());
    RotaState state;
    for (SqlRow& row : rows->rows) {
        auto member = read_member(std::move(row));
        if (!member) return tl::unexpected(member.error());
        state.insert(std::move(*member));
    }
    loaded_.insert_or_assign(std::string(rota), state);
    return state;
}

// From the newest key backwards: it is nearly always the first statement that answers.
Result<std::optional<std::string>> SqlTransaction::sticky(std::string_view rota,
                                                          const std::vector<std::string>& keys, Time now) {
    for (std::size_t left = keys.size(); left > 0;) {
        const std::size_t count = chunks(left).front().count;
        const auto part = std::span(keys).subspan(left - count, count);
        std::vector<SqlParam> params{rota, seconds(now)};
        params.insert(params.end(), part.begin(), part.end());
        auto rows = ask(
            fmt::format("SELECT key, member FROM sticky WHERE rota = $1 AND valid_until > $2 AND key IN ({})",
                        placeholders(3, count)),
            params);
        if (!rows) return tl::unexpected(rows.error());
        if (auto member = member_of_newest(*rows, part)) return member;
        left -= count;
    }
    return std::nullopt;
}

Result<std::optional<std::string>> SqlTransaction::bytes(std::string_view name) {
    return ask("SELECT bytes FROM message WHERE name = $1", {name}).map(first_text);
}

Result<std::optional<std::string>> SqlTransaction::setting(std::string_view name) {
    return ask("SELECT value FROM setting WHERE name = $1", {name}).map(first_text);
}

}  // namespace mailrota::store
