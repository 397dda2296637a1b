#include "core/policy/contact.h"

#include <array>

namespace mailrota::policy {

std::string_view to_string(Contact::Way way) { return way == ContactWay::call ? "call" : "SMS"; }

std::string_view to_string(Contact::State state) {
    constexpr std::array<std::string_view, 7> names{"waiting",   "begun",  "placed",   "done",
                                                    "unreached", "barred", "cancelled"};
    return names.at(static_cast<std::size_t>(state));
}

}  // namespace mailrota::policy
