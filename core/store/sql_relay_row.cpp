#include "core/store/sql_relay_row.h"

namespace mailrota::store {

using Outcome = RelayAttempt::Recipient::Outcome;

std::string_view to_string(RelayAttempt::State state) {
    constexpr std::string_view names[] = {"begun", "accepted", "refused", "uncertain"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(Outcome outcome) {
    constexpr std::string_view names[] = {"open", "accepted", "failed", "deferred", "uncertain"};
    return names[static_cast<std::size_t>(outcome)];
}

Result<Numbered<RelayAttempt>> read_attempt(SqlRow row) {
    if (!has_types(row, "nttttnnnnntt")) return invalid("a row of table relay_attempt has foreign types");
    const auto state = to_set(number(row, 5), RelayAttempt::State::uncertain);
    if (!state) return invalid("a row of table relay_attempt has a state that nobody knows");
    return Numbered<RelayAttempt>(number(row, 0), RelayAttempt{.id = std::move(text(row, 1)),
                                                               .mail = std::move(text(row, 2)),
                                                               .rota = std::move(text(row, 3)),
                                                               .provider = std::move(text(row, 4)),
                                                               .state = *state,
                                                               .tries = static_cast<int>(number(row, 6)),
                                                               .begun = time(row, 7),
                                                               .last = time(row, 8),
                                                               .ended = time(row, 9),
                                                               .owner = std::move(text(row, 10)),
                                                               .words = std::move(text(row, 11)),
                                                               .recipients = {}});
}

Result<Numbered<RelayAttempt::Recipient>> read_recipient(SqlRow row) {
    if (!has_types(row, "nttntttn")) return invalid("a row of table relay_recipient has foreign types");
    const auto outcome = to_set(number(row, 3), Outcome::uncertain);
    const auto standing = mail::parse_event_type(text(row, 6));
    if (!outcome || !standing)
        return invalid("a row of table relay_recipient has an outcome or a standing that nobody knows");
    return Numbered<RelayAttempt::Recipient>(number(row, 0),
                                             RelayAttempt::Recipient{.offer = std::move(text(row, 1)),
                                                                     .address = std::move(text(row, 2)),
                                                                     .outcome = *outcome,
                                                                     .provider_id = std::move(text(row, 4)),
                                                                     .words = std::move(text(row, 5)),
                                                                     .standing = *standing,
                                                                     .standing_at = time(row, 7)});
}

Result<policy::Breaker> read_breaker(SqlRow row) {
    if (!has_types(row, "tnnnnntnn")) return invalid("a row of table breaker has foreign types");
    const auto state = to_set(number(row, 1), policy::Breaker::State::probing);
    if (!state) return invalid("a row of table breaker has a state that nobody knows");
    return policy::Breaker{.scope = std::move(text(row, 0)),
                           .state = *state,
                           .failures = static_cast<int>(number(row, 2)),
                           .until = time(row, 3),
                           .period = std::chrono::seconds(number(row, 4)),
                           .alarmed = number(row, 5) != 0,
                           .why = std::move(text(row, 6)),
                           .last_fault = time(row, 7),
                           .last_success = time(row, 8)};
}

}  // namespace mailrota::store
