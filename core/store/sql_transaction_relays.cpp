#include "core/store/sql_transaction.h"

namespace mailrota::store {

Result<void> SqlTransaction::begin_attempt(const StoredMail&, const RelayAttempt&) {
    return unavailable("not built yet");
}
Result<void> SqlTransaction::end_attempt(const RelayAttempt&) { return unavailable("not built yet"); }
Result<std::optional<RelayAttempt>> SqlTransaction::attempt(std::string_view) {
    return unavailable("not built yet");
}
Result<std::vector<RelayAttempt>> SqlTransaction::attempts_of(const std::vector<std::string>&) {
    return unavailable("not built yet");
}
Result<std::vector<RelayAttempt>> SqlTransaction::attempts_of_mail(std::string_view) {
    return unavailable("not built yet");
}
Result<std::vector<RelayAttempt>> SqlTransaction::attempts_by_provider_id(std::string_view, std::string_view,
                                                                          std::size_t) {
    return unavailable("not built yet");
}
Result<void> SqlTransaction::put_standing(std::string_view, std::string_view, mail::MailEvent::Type, Time) {
    return unavailable("not built yet");
}
Result<std::vector<policy::Breaker>> SqlTransaction::breakers(const std::vector<std::string>&) {
    return unavailable("not built yet");
}
Result<void> SqlTransaction::put_breaker(const policy::Breaker&) { return unavailable("not built yet"); }
Result<std::optional<RelayHold>> SqlTransaction::relay_hold(std::string_view) {
    return unavailable("not built yet");
}
Result<void> SqlTransaction::put_relay_hold(std::string_view, const RelayHold&) {
    return unavailable("not built yet");
}
Result<std::size_t> SqlTransaction::put_events(std::string_view, const std::vector<mail::MailEvent>&, Time) {
    return unavailable("not built yet");
}
Result<bool> SqlTransaction::use_token(std::string_view, std::string_view, Time) {
    return unavailable("not built yet");
}
Result<std::vector<StoredEvent>> SqlTransaction::unsettled_events(std::size_t) {
    return unavailable("not built yet");
}
Result<void> SqlTransaction::settle_events(const std::vector<Settled>&) {
    return unavailable("not built yet");
}
Result<std::size_t> SqlTransaction::unsettle_events(const std::vector<std::int64_t>&) {
    return unavailable("not built yet");
}
Result<std::vector<StoredEvent>> SqlTransaction::events_of(std::string_view) {
    return unavailable("not built yet");
}
Result<std::vector<StoredEvent>> SqlTransaction::find_events(const Filter&, std::size_t) {
    return unavailable("not built yet");
}
Result<std::vector<Suppression>> SqlTransaction::suppressed(const std::vector<std::string>&) {
    return unavailable("not built yet");
}
Result<bool> SqlTransaction::suppress(const Suppression&) { return unavailable("not built yet"); }
Result<bool> SqlTransaction::unsuppress(std::string_view) { return unavailable("not built yet"); }
Result<std::vector<Suppression>> SqlTransaction::suppressions(std::string_view, std::size_t) {
    return unavailable("not built yet");
}

}  // namespace mailrota::store
