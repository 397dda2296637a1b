#pragma once

#include "core/store/sql_row.h"

namespace mailrota::store {

// Rows about incidents as values. The columns are those of the texts below, in their order; those of `new`
// rows are without the number that the database gives.
inline constexpr std::string_view new_incident_columns =
    "alert, key, state, severity, acknowledge, say, text, subject, mail, queue_id, rule, opened, "
    "valid_until, "
    "changed, changed_by, mails, escalations, round, step, tries, members, away, attempt, due, ended";
inline constexpr std::size_t new_incident_width = 25;
inline constexpr std::string_view incident_columns =
    "number, alert, key, state, severity, acknowledge, say, text, subject, mail, queue_id, rule, opened, "
    "valid_until, changed, changed_by, mails, escalations, round, step, tries, members, away, attempt, due";
inline constexpr std::string_view contact_columns =
    "id, incident, escalation, attempt, way, member, number, language, voice, state, account, provider_id, "
    "status, "
    "sequence, human, answered_by, tries, made, begun, ended, words";
inline constexpr std::size_t contact_width = 21;
inline constexpr std::string_view incident_line_columns = "incident, event, text, at";
inline constexpr std::string_view beat_columns = "name, begun, last, alarmed";

// The lists of an incident as they are stored.
struct PackedLists {
    std::string members;
    std::string away;
};
PackedLists pack_lists(const policy::Incident& incident);

// Append the parameters of one row; they view into the arguments.
void add_incident(std::vector<SqlParam>& params, const policy::Incident& incident, const PackedLists& lists);
void add_contact(std::vector<SqlParam>& params, const policy::Contact& contact);

// Fail with `invalid` on a row that this program cannot have written.
Result<policy::Incident> read_incident(SqlRow row);
Result<policy::Contact> read_contact(SqlRow row);
Result<IncidentLine> read_incident_line(SqlRow row);
Result<Incidents::Beat> read_beat(SqlRow row);

}  // namespace mailrota::store
