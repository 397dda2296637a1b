#include "core/policy/incident.h"

#include <algorithm>
#include <array>

namespace mailrota::policy {

std::string_view to_string(Incident::State state) {
    constexpr std::array<std::string_view, 4> names{"open", "acknowledged", "resolved", "exhausted"};
    return names.at(static_cast<std::size_t>(state));
}

std::optional<Incident> acknowledged(Incident incident, const std::string& by, Instant now) {
    using State = Incident::State;
    if (incident.state != State::open && incident.state != State::exhausted) return std::nullopt;
    incident.state = State::acknowledged;
    incident.changed = now;
    incident.by = by;
    return incident;
}

std::optional<Incident> resolved(Incident incident, const std::string& by, Instant now) {
    if (incident.state == Incident::State::resolved) return std::nullopt;
    incident.state = Incident::State::resolved;
    incident.changed = now;
    incident.by = by;
    return incident;
}

std::optional<Incident> passed_on(Incident incident, std::string_view member) {
    if (incident.state != Incident::State::open) return std::nullopt;
    auto& members = incident.progress.members;
    const auto found = std::ranges::find(members, member);
    if (found == members.end()) return std::nullopt;
    members.erase(found);
    incident.progress.away.emplace_back(member);
    return incident;
}

}  // namespace mailrota::policy
