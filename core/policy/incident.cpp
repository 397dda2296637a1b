#include "core/policy/incident.h"

#include <array>

namespace mailrota::policy {

std::string_view to_string(Incident::State state) {
    constexpr std::array<std::string_view, 4> names{"open", "acknowledged", "resolved", "exhausted"};
    return names.at(static_cast<std::size_t>(state));
}

std::string_view to_string(Contact::Way way) { return way == ContactWay::call ? "call" : "SMS"; }

std::string_view to_string(Contact::State state) {
    constexpr std::array<std::string_view, 7> names{"waiting",   "begun",  "placed",   "done",
                                                    "unreached", "barred", "cancelled"};
    return names.at(static_cast<std::size_t>(state));
}

std::string_view to_string(Joined::What what) {
    constexpr std::array<std::string_view, 5> names{"opened", "noted", "reopened", "resolved", "ignored"};
    return names.at(static_cast<std::size_t>(what));
}

}  // namespace mailrota::policy
