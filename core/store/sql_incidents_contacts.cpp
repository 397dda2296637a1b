#include <fmt/format.h>

#include "core/store/sql_incident_row.h"
#include "core/store/sql_incidents.h"
#include "core/store/sql_text.h"

namespace mailrota::store {
namespace {

using policy::Contact;

// The tables' numbers of these stand in the texts, because an index is on them.
static_assert(static_cast<int>(policy::Incident::State::open) == 0);
static_assert(static_cast<int>(Contact::Way::call) == 0 && static_cast<int>(Contact::Way::sms) == 1);
static_assert(static_cast<int>(Contact::State::waiting) == 0 &&
              static_cast<int>(Contact::State::begun) == 1 && static_cast<int>(Contact::State::placed) == 2);

std::string contacts_where(std::string_view condition) {
    return fmt::format("SELECT {} FROM contact WHERE {}", contact_columns, condition);
}

Result<std::optional<Contact>> first_contact(SqlRows rows) {
    if (rows.rows.empty()) return std::nullopt;
    return read_contact(std::move(rows.rows.front()));
}

int count_of(const SqlRows& rows) { return static_cast<int>(number(rows.rows.at(0), 0)); }

}  // namespace

// Most are there already, and no one else writes contacts meanwhile.
Result<void> SqlIncidents::put_contact(const Contact& contact) {
    static const std::string update = fmt::format("UPDATE contact SET ({}) = ({}) WHERE id = $1",
                                                  contact_columns, placeholders(1, contact_width));
    static const std::string insert = fmt::format("INSERT INTO contact ({}) VALUES {}", contact_columns,
                                                  placeholder_rows(1, contact_width));
    std::vector<SqlParam> params;
    add_contact(params, contact);
    auto changed = change_held(update, params);
    if (!changed) return tl::unexpected(changed.error());
    return *changed > 0 ? Result<void>() : write(insert, params);
}

Result<std::optional<Contact>> SqlIncidents::contact(std::string_view id) {
    static const std::string sql = contacts_where("id = $1");
    auto rows = ask_held(sql, {id});
    if (!rows) return tl::unexpected(rows.error());
    return first_contact(std::move(*rows));
}

Result<std::vector<Contact>> SqlIncidents::contacts_of(std::int64_t incident) {
    static const std::string sql = contacts_where("incident = $1 ORDER BY made, seq");
    auto rows = ask_held(sql, {incident});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_contact);
}

Result<std::optional<Contact>> SqlIncidents::last_sms_to(std::string_view number) {
    static const std::string sql = contacts_where(
        "number = $1 AND way = 1 AND state <> 0 AND begun <> 0 ORDER BY begun DESC, seq DESC LIMIT 1");
    auto rows = ask_held(sql, {number});
    if (!rows) return tl::unexpected(rows.error());
    return first_contact(std::move(*rows));
}

Result<std::optional<Contact>> SqlIncidents::contact_of_provider(std::string_view number,
                                                                 std::string_view account,
                                                                 std::string_view provider_id) {
    static const std::string sql =
        contacts_where("number = $1 AND account = $2 AND provider_id = $3 LIMIT 1");
    auto rows = ask_held(sql, {number, account, provider_id});
    if (!rows) return tl::unexpected(rows.error());
    return first_contact(std::move(*rows));
}

Result<int> SqlIncidents::calls_under_way(std::string_view account, Time since) {
    return ask_held(
               "SELECT count(*) FROM contact WHERE account = $1 AND way = 0 AND state IN (1, 2) AND begun >= "
               "$2",
               {account, seconds(since)})
        .map(count_of);
}

// From the few incidents that are live.
Result<bool> SqlIncidents::worse_waits(policy::ContactWay way, policy::Severity than, Time now) {
    return ask_held(
               "SELECT 1 FROM incident JOIN contact ON contact.incident = incident.number WHERE "
               "incident.ended > $1 AND incident.state = 0 AND incident.severity > $2 AND contact.way = $3 "
               "AND contact.state = 0 AND contact.status <> $4 AND contact.escalation = incident.escalations "
               "LIMIT 1",
               {seconds(now), static_cast<std::int64_t>(than), static_cast<std::int64_t>(way), out_of_order})
        .map([](const SqlRows& rows) { return !rows.rows.empty(); });
}

// Both ways are named for the index, which has them apart for last_sms_to().
Result<int> SqlIncidents::contacts_to(std::string_view number, Time since) {
    return ask_held(
               "SELECT count(*) FROM contact WHERE number = $1 AND way IN (0, 1) AND begun >= $2 AND state "
               "<> "
               "0 AND begun <> 0",
               {number, seconds(since)})
        .map(count_of);
}

Result<std::optional<Incidents::Milliseconds>> SqlIncidents::take_slot(std::string_view line,
                                                                       Milliseconds now,
                                                                       std::chrono::milliseconds pace,
                                                                       Milliseconds latest) {
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto rows = ask_held(
        "INSERT INTO telephone_slot (account, taken) VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET "
        "taken = CASE WHEN telephone_slot.taken > excluded.taken + 10000 THEN excluded.taken WHEN "
        "telephone_slot.taken + $3 > excluded.taken THEN telephone_slot.taken + $3 ELSE excluded.taken END "
        "WHERE telephone_slot.taken + $3 <= $4 OR telephone_slot.taken > excluded.taken + 10000 RETURNING "
        "taken",
        {line, std::int64_t{now.time_since_epoch().count()}, std::int64_t{pace.count()},
         std::int64_t{latest.time_since_epoch().count()}});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return Milliseconds(std::chrono::milliseconds(number(rows->rows.front(), 0)));
}

Result<std::optional<std::string>> SqlIncidents::barred(std::string_view number) {
    auto rows = ask_held("SELECT why FROM barred_number WHERE number = $1", {number});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return std::move(text(rows->rows.front(), 0));
}

Result<void> SqlIncidents::bar(std::string_view number, std::string_view why, Time until) {
    return change_held(
               "INSERT INTO barred_number (number, why, valid_until) VALUES ($1, $2, $3) ON CONFLICT "
               "(number) DO UPDATE SET why = excluded.why, valid_until = excluded.valid_until",
               {number, why, seconds(until)})
        .map([](std::size_t) {});
}

Result<bool> SqlIncidents::unbar(std::string_view number) {
    return change_held("DELETE FROM barred_number WHERE number = $1", {number}).map([](std::size_t removed) {
        return removed > 0;
    });
}

// Beside the tokens of the providers' webhooks, whose names hold no blank.
Result<bool> SqlIncidents::use_message(std::string_view account, std::string_view id, Time until) {
    if (auto held = hold(); !held) return tl::unexpected(held.error());
    return use_token(fmt::format("message to {}", account), id, until);
}

}  // namespace mailrota::store
