#include <fmt/format.h>

#include "core/store/sql_incidents.h"
#include "core/store/sql_row.h"
#include "core/store/sql_text.h"

namespace mailrota::store {

// The outer condition is asked again of rows that another node changed meanwhile.
Result<std::size_t> SqlIncidents::purge_incidents(Time before, std::size_t limit) {
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto dropped = ask_held(
        "DELETE FROM incident WHERE ended < $1 AND number IN (SELECT number FROM incident WHERE ended < $1 "
        "ORDER BY ended LIMIT $2) RETURNING number",
        {seconds(before), to_limit(limit)});
    if (!dropped) return tl::unexpected(dropped.error());
    for (const Chunk& run : chunks(dropped->rows.size()))
        if (auto gone = drop_of_incidents(std::span(dropped->rows).subspan(run.first, run.count)); !gone)
            return tl::unexpected(gone.error());
    return dropped->rows.size();
}

Result<void> SqlIncidents::drop_of_incidents(std::span<const SqlRow> incidents) {
    std::vector<SqlParam> params;
    for (const SqlRow& row : incidents) params.emplace_back(number(row, 0));
    for (const char* table : {"contact", "incident_line", "trigger_line"})
        if (auto gone = write(fmt::format("DELETE FROM {} WHERE incident IN ({})", table,
                                          placeholders(1, incidents.size())),
                              params);
            !gone)
            return gone;
    return {};
}

Result<std::size_t> SqlIncidents::purge_triggers(Time before, std::size_t limit) {
    return change_held(
        "DELETE FROM incident_trigger WHERE at < $1 AND (alert, key, mail) IN (SELECT alert, key, mail FROM "
        "incident_trigger WHERE at < $1 ORDER BY at LIMIT $2)",
        {seconds(before), to_limit(limit)});
}

Result<std::size_t> SqlIncidents::purge_bars(Time now, std::size_t limit) {
    return change_held(
        "DELETE FROM barred_number WHERE valid_until <= $1 AND number IN (SELECT number FROM barred_number "
        "WHERE valid_until <= $1 LIMIT $2)",
        {seconds(now), to_limit(limit)});
}

}  // namespace mailrota::store
