#include "core/store/sql_incidents.h"

#include <fmt/format.h>

#include "core/store/sql_conditions.h"
#include "core/store/sql_incident_row.h"
#include "core/store/sql_text.h"

namespace mailrota::store {
namespace {

using policy::Incident;

// The tables' number of Incident::State::resolved stands in the texts, because the indexes are on it.
static_assert(static_cast<int>(Incident::State::resolved) == 2);

Result<std::optional<Incident>> first_incident(SqlRows rows) {
    if (rows.rows.empty()) return std::nullopt;
    return read_incident(std::move(rows.rows.front()));
}

}  // namespace

Result<void> SqlIncidents::hold() {
    if (held_ || !is_write() || !has_other_writers() || was_locked(incidents_lock)) return {};
    auto row = ask("SELECT name FROM rota WHERE name = $1 FOR UPDATE", {incidents_lock});
    if (!row) return tl::unexpected(row.error());
    if (row->rows.empty()) return invalid("table rota has lost the row that guards incidents");
    held_ = true;
    return {};
}

Result<SqlRows> SqlIncidents::ask_held(std::string_view sql, std::span<const SqlParam> params) {
    if (auto held = hold(); !held) return tl::unexpected(held.error());
    return ask(sql, params);
}

Result<std::size_t> SqlIncidents::change_held(std::string_view sql, std::span<const SqlParam> params) {
    if (auto held = hold(); !held) return tl::unexpected(held.error());
    return change(sql, params);
}

Result<std::optional<Incident>> SqlIncidents::live_incident(std::string_view alert, std::string_view key,
                                                            Time now) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM incident WHERE alert = $1 AND key = $2 AND state <> 2 AND ended > $3 ORDER BY number "
        "DESC LIMIT 1",
        incident_columns);
    auto rows = ask_held(sql, {alert, key, seconds(now)});
    if (!rows) return tl::unexpected(rows.error());
    return first_incident(std::move(*rows));
}

Result<std::optional<Incident>> SqlIncidents::incident(std::int64_t number) {
    static const std::string sql = fmt::format("SELECT {} FROM incident WHERE number = $1", incident_columns);
    auto rows = ask_held(sql, {number});
    if (!rows) return tl::unexpected(rows.error());
    return first_incident(std::move(*rows));
}

Result<std::int64_t> SqlIncidents::open_incident(const Incident& incident) {
    static const std::string insert =
        fmt::format("INSERT INTO incident ({}) VALUES {} RETURNING number", new_incident_columns,
                    placeholder_rows(1, new_incident_width));
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    const PackedLists lists = pack_lists(incident);
    std::vector<SqlParam> params;
    add_incident(params, incident, lists);
    return ask_held(insert, params).map([](const SqlRows& rows) { return number(rows.rows.at(0), 0); });
}

Result<void> SqlIncidents::put_incident(const Incident& incident) {
    static const std::string update =
        fmt::format("UPDATE incident SET ({}) = ({}) WHERE number = ${}", new_incident_columns,
                    placeholders(1, new_incident_width), new_incident_width + 1);
    const PackedLists lists = pack_lists(incident);
    std::vector<SqlParam> params;
    add_incident(params, incident, lists);
    params.emplace_back(incident.number);
    auto changed = change_held(update, params);
    if (!changed) return tl::unexpected(changed.error());
    if (*changed == 0) return invalid(fmt::format("there is no incident {}", incident.number));
    return {};
}

// Those that are live are few among those that are kept: the plus makes both databases find them by the index
// of ends before they look at the order.
Result<std::vector<Incident>> SqlIncidents::incidents(const IncidentFilter& filter, Time now,
                                                      std::size_t limit) {
    SqlConditions conditions;
    if (!filter.with_over) {
        conditions.add("state <> 2");
        conditions.add("ended >", seconds(now));
    }
    if (!filter.alert.empty()) conditions.add("alert =", filter.alert);
    if (!filter.number.empty())
        conditions.add("number IN (SELECT incident FROM contact WHERE state <> 0 AND begun <> 0 AND number =",
                       filter.number, ")");
    const std::string found = conditions.end(
        filter.with_over ? "ORDER BY number DESC LIMIT" : "ORDER BY +number DESC LIMIT", to_limit(limit));
    auto rows = ask_held(fmt::format("SELECT {} FROM incident WHERE {}", incident_columns, found),
                         conditions.params());
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_incident);
}

}  // namespace mailrota::store
