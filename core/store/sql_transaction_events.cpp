#include <fmt/format.h>

#include "core/mail/address.h"
#include "core/store/sql_conditions.h"
#include "core/store/sql_event_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

namespace mailrota::store {
namespace {

std::string events_where(std::string_view condition) {
    return fmt::format("SELECT {} FROM event WHERE {}", event_columns, condition);
}

}  // namespace

Result<std::size_t> SqlTransaction::put_events(std::string_view provider,
                                               const std::vector<mail::MailEvent>& events, Time received) {
    std::size_t fresh = 0;
    for (const auto [first, count] : chunks(events.size())) {
        std::vector<PackedEvent> packed;
        packed.reserve(count);  // the parameters view into it
        std::vector<SqlParam> params;
        params.reserve(count * new_event_width);
        for (std::size_t i = first; i < first + count; ++i)
            add_event(params, provider, events[i], packed.emplace_back(pack_event(provider, events[i])),
                      received);
        auto added = change(fmt::format("INSERT INTO event ({}) VALUES {} ON CONFLICT (key) DO NOTHING",
                                        new_event_columns, placeholder_rows(count, new_event_width)),
                            params);
        if (!added) return added;
        fresh += *added;
    }
    return fresh;
}

Result<bool> SqlTransaction::use_token(std::string_view provider, std::string_view token, Time until) {
    return change(
               "INSERT INTO used_token (provider, token, valid_until) VALUES ($1, $2, $3) ON CONFLICT "
               "(provider, token) DO NOTHING",
               {provider, token, seconds(until)})
        .map([](std::size_t added) { return added > 0; });
}

Result<std::vector<StoredEvent>> SqlTransaction::unsettled_events(std::size_t limit) {
    static const std::string sql = events_where("settled = 0 ORDER BY seq LIMIT $1");
    auto rows = ask(locking(sql, "FOR UPDATE SKIP LOCKED"), {to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_event);
}

Result<void> SqlTransaction::settle_events(const std::vector<Settled>& events) {
    for (const auto [first, count] : chunks(events.size())) {
        std::vector<SqlParam> params;
        params.reserve(count * 2);
        for (std::size_t i = first; i < first + count; ++i)
            params.insert(params.end(), {events[i].seq, events[i].mail});
        auto settled = write(fmt::format("UPDATE event SET settled = 1, mail = told.column2 FROM (VALUES {}) "
                                         "AS told WHERE event.seq = told.column1",
                                         placeholder_rows(count, 2)),
                             params);
        if (!settled) return settled;
    }
    return {};
}

Result<std::size_t> SqlTransaction::unsettle_events(const std::vector<std::int64_t>& events) {
    std::size_t found = 0;
    for (const auto [first, count] : chunks(events.size())) {
        const auto part = std::span(events).subspan(first, count);
        const std::vector<SqlParam> params(part.begin(), part.end());
        auto changed = change(
            fmt::format("UPDATE event SET settled = 0 WHERE seq IN ({})", placeholders(1, count)), params);
        if (!changed) return changed;
        found += *changed;
    }
    return found;
}

Result<std::vector<StoredEvent>> SqlTransaction::events_of(std::string_view mail) {
    static const std::string sql = events_where("mail = $1 AND length(mail) > 0 ORDER BY at, seq");
    auto rows = ask(sql, {mail});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_event);
}

// Looks at the events from the newest backwards: an index would cost every event, and only people ask.
Result<std::vector<StoredEvent>> SqlTransaction::find_events(const Filter& filter, std::size_t limit) {
    const std::string recipient = mail::Address::from_envelope(filter.recipient).key();
    SqlConditions conditions;
    if (!filter.provider.empty()) conditions.add("provider =", filter.provider);
    if (!filter.recipient.empty()) conditions.add("recipient =", recipient);
    if (filter.type) conditions.add("type =", mail::to_string(*filter.type));
    if (filter.since) conditions.add("received >=", seconds(*filter.since));
    const std::string found = conditions.end("ORDER BY seq DESC LIMIT", to_limit(limit));
    auto rows = ask(events_where(found), conditions.params());
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_event);
}

}  // namespace mailrota::store
