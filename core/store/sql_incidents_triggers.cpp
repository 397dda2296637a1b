#include <fmt/format.h>

#include "core/store/sql_incident_row.h"
#include "core/store/sql_incidents.h"
#include "core/store/sql_text.h"

namespace mailrota::store {

Result<bool> SqlIncidents::note_trigger(std::string_view alert, std::string_view key, std::string_view mail,
                                        Time at) {
    return change_held(
               "INSERT INTO incident_trigger (alert, key, mail, at) VALUES ($1, $2, $3, $4) ON CONFLICT "
               "(alert, key, mail) DO NOTHING",
               {alert, key, mail, seconds(at)})
        .map([](std::size_t added) { return added > 0; });
}

// Counted to a bound, so that a flood of mails does not cost each of them more than the one before.
Result<int> SqlIncidents::triggers_since(std::string_view alert, std::string_view key, Time since) {
    return ask_held(
               "SELECT count(*) FROM (SELECT 1 FROM incident_trigger WHERE alert = $1 AND key = $2 AND at >= "
               "$3 LIMIT 10000) AS recent",
               {alert, key, seconds(since)})
        .map([](const SqlRows& rows) { return static_cast<int>(number(rows.rows.at(0), 0)); });
}

Result<std::vector<std::string>> SqlIncidents::trigger_lines(std::int64_t incident) {
    auto rows =
        ask_held("SELECT line FROM trigger_line WHERE incident = $1 ORDER BY line LIMIT 10000", {incident});
    if (!rows) return tl::unexpected(rows.error());
    std::vector<std::string> lines;
    for (SqlRow& row : rows->rows) lines.push_back(std::move(text(row, 0)));
    return lines;
}

Result<void> SqlIncidents::remember_lines(std::int64_t incident, const std::vector<std::string>& lines) {
    if (auto allowed = may_write(); !allowed) return allowed;
    for (const auto [first, count] : chunks(lines.size())) {
        std::vector<SqlParam> params;
        params.reserve(count * 2);
        for (std::size_t i = first; i < first + count; ++i) params.insert(params.end(), {incident, lines[i]});
        auto added =
            change_held(fmt::format("INSERT INTO trigger_line (incident, line) VALUES {} ON CONFLICT "
                                    "(incident, line) DO NOTHING",
                                    placeholder_rows(count, 2)),
                        params);
        if (!added) return tl::unexpected(added.error());
    }
    return {};
}

Result<void> SqlIncidents::add_line(const IncidentLine& line) {
    static const std::string insert = fmt::format("INSERT INTO incident_line ({}) VALUES {}",
                                                  incident_line_columns, placeholder_rows(1, 4));
    return change_held(insert, {line.incident, line.event, line.text, seconds(line.at)}).map([](std::size_t) {
    });
}

Result<std::vector<IncidentLine>> SqlIncidents::lines_of(std::int64_t incident) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM incident_line WHERE incident = $1 ORDER BY at, seq", incident_line_columns);
    auto rows = ask_held(sql, {incident});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_incident_line);
}

Result<std::optional<Incidents::Beat>> SqlIncidents::beat(std::string_view name) {
    static const std::string sql = fmt::format("SELECT {} FROM heartbeat WHERE name = $1", beat_columns);
    auto rows = ask_held(sql, {name});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return read_beat(std::move(rows->rows.front()));
}

Result<void> SqlIncidents::put_beat(const Beat& beat) {
    static const std::string sql = fmt::format(
        "INSERT INTO heartbeat ({}) VALUES {} ON CONFLICT (name) DO UPDATE SET begun = excluded.begun, last "
        "= "
        "excluded.last, alarmed = excluded.alarmed",
        beat_columns, placeholder_rows(1, 4));
    const auto optional = [](const std::optional<Time>& time) {
        return time ? SqlParam(seconds(*time)) : SqlParam();
    };
    return change_held(sql, {beat.name, seconds(beat.begun), optional(beat.last), optional(beat.alarmed)})
        .map([](std::size_t) {});
}

Result<std::vector<Incidents::Beat>> SqlIncidents::beats() {
    static const std::string sql = fmt::format("SELECT {} FROM heartbeat ORDER BY name", beat_columns);
    auto rows = ask_held(sql, {});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_beat);
}

Result<void> SqlIncidents::forget_beat(std::string_view name) {
    return change_held("DELETE FROM heartbeat WHERE name = $1", {name}).map([](std::size_t) {});
}

}  // namespace mailrota::store
