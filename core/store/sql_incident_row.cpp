#include "core/store/sql_incident_row.h"

#include "core/store/string_list.h"

namespace mailrota::store {
namespace {

using policy::Contact;
using policy::Incident;

template <class Set>
std::int64_t as_number(Set value) {
    return static_cast<std::int64_t>(value);
}

int small(const SqlRow& row, std::size_t column) { return static_cast<int>(number(row, column)); }

std::optional<Time> optional_time(const SqlRow& row, std::size_t column) {
    if (std::holds_alternative<std::monostate>(row.at(column))) return std::nullopt;
    return time(row, column);
}

// When it is over: the end of its window unless somebody ended it before.
Time ended(const Incident& incident) {
    return incident.state == Incident::State::resolved ? incident.changed : incident.until;
}

}  // namespace

PackedLists pack_lists(const Incident& incident) {
    return {join_strings(incident.progress.members), join_strings(incident.progress.away)};
}

void add_incident(std::vector<SqlParam>& params, const Incident& incident, const PackedLists& lists) {
    const policy::Progress& progress = incident.progress;
    params.insert(params.end(), {incident.alert,
                                 incident.key,
                                 as_number(incident.state),
                                 as_number(incident.severity),
                                 as_number(incident.acknowledge),
                                 incident.say,
                                 incident.text,
                                 incident.subject,
                                 incident.mail,
                                 incident.queue_id,
                                 incident.rule,
                                 seconds(incident.opened),
                                 seconds(incident.until),
                                 seconds(incident.changed),
                                 incident.by,
                                 std::int64_t{incident.mails},
                                 std::int64_t{incident.escalations},
                                 std::int64_t{progress.round},
                                 std::int64_t{progress.step},
                                 std::int64_t{progress.tries},
                                 lists.members,
                                 lists.away,
                                 std::int64_t{progress.attempt},
                                 seconds(progress.due),
                                 seconds(ended(incident))});
}

Result<Incident> read_incident(SqlRow row) {
    if (!has_types(row, "nttnnnttttttnnntnnnnnttnn"))
        return invalid("a row of table incident has foreign types");
    const auto state = to_set(number(row, 3), Incident::State::exhausted);
    const auto severity = to_set(number(row, 4), policy::Severity::critical);
    const auto acknowledge = to_set(number(row, 5), policy::Acknowledge::answer);
    if (!state || !severity || !acknowledge)
        return invalid("a row of table incident has a state or a severity that nobody knows");
    auto members = split_strings(text(row, 21));
    auto away = split_strings(text(row, 22));
    if (!members || !away) return invalid("a row of table incident has a broken list");
    return Incident{.number = number(row, 0),
                    .alert = std::move(text(row, 1)),
                    .key = std::move(text(row, 2)),
                    .state = *state,
                    .severity = *severity,
                    .acknowledge = *acknowledge,
                    .say = std::move(text(row, 6)),
                    .text = std::move(text(row, 7)),
                    .subject = std::move(text(row, 8)),
                    .mail = std::move(text(row, 9)),
                    .queue_id = std::move(text(row, 10)),
                    .rule = std::move(text(row, 11)),
                    .opened = time(row, 12),
                    .until = time(row, 13),
                    .changed = time(row, 14),
                    .by = std::move(text(row, 15)),
                    .mails = small(row, 16),
                    .escalations = small(row, 17),
                    .progress = {.round = small(row, 18),
                                 .step = small(row, 19),
                                 .tries = small(row, 20),
                                 .members = std::move(*members),
                                 .away = std::move(*away),
                                 .attempt = small(row, 23),
                                 .due = time(row, 24)}};
}

void add_contact(std::vector<SqlParam>& params, const Contact& contact) {
    params.insert(params.end(), {contact.id,
                                 contact.incident,
                                 std::int64_t{contact.escalation},
                                 std::int64_t{contact.attempt},
                                 as_number(contact.way),
                                 contact.member,
                                 contact.number,
                                 contact.language,
                                 contact.voice,
                                 as_number(contact.state),
                                 contact.account,
                                 contact.provider_id,
                                 contact.status,
                                 std::int64_t{contact.sequence},
                                 std::int64_t{contact.human},
                                 contact.answered_by,
                                 std::int64_t{contact.tries},
                                 seconds(contact.made),
                                 seconds(contact.begun),
                                 seconds(contact.ended),
                                 contact.words});
}

Result<Contact> read_contact(SqlRow row) {
    if (!has_types(row, "tnnnnttttntttnntnnnnt")) return invalid("a row of table contact has foreign types");
    const auto way = to_set(number(row, 4), Contact::Way::sms);
    const auto state = to_set(number(row, 9), Contact::State::cancelled);
    if (!way || !state) return invalid("a row of table contact has a way or a state that nobody knows");
    return Contact{.id = std::move(text(row, 0)),
                   .incident = number(row, 1),
                   .escalation = small(row, 2),
                   .attempt = small(row, 3),
                   .way = *way,
                   .member = std::move(text(row, 5)),
                   .number = std::move(text(row, 6)),
                   .language = std::move(text(row, 7)),
                   .voice = std::move(text(row, 8)),
                   .state = *state,
                   .account = std::move(text(row, 10)),
                   .provider_id = std::move(text(row, 11)),
                   .status = std::move(text(row, 12)),
                   .sequence = small(row, 13),
                   .human = number(row, 14) != 0,
                   .answered_by = std::move(text(row, 15)),
                   .tries = small(row, 16),
                   .made = time(row, 17),
                   .begun = time(row, 18),
                   .ended = time(row, 19),
                   .words = std::move(text(row, 20))};
}

Result<IncidentLine> read_incident_line(SqlRow row) {
    if (!has_types(row, "nttn")) return invalid("a row of table incident_line has foreign types");
    return IncidentLine{.incident = number(row, 0),
                        .event = std::move(text(row, 1)),
                        .text = std::move(text(row, 2)),
                        .at = time(row, 3)};
}

Result<Incidents::Beat> read_beat(SqlRow row) {
    if (!has_types(row, "tn??")) return invalid("a row of table heartbeat has foreign types");
    return Incidents::Beat{.name = std::move(text(row, 0)),
                           .begun = time(row, 1),
                           .last = optional_time(row, 2),
                           .alarmed = optional_time(row, 3)};
}

}  // namespace mailrota::store
