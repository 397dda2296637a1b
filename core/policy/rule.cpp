#include "core/policy/rule.h"

namespace mailrota::policy {

bool gives_route(const Action& action) {
    return std::holds_alternative<ToRota>(action) || std::holds_alternative<ToBox>(action) ||
           std::holds_alternative<ToRelay>(action) || std::holds_alternative<Redirect>(action) ||
           std::holds_alternative<Reject>(action) || std::holds_alternative<Defer>(action) ||
           std::holds_alternative<Discard>(action);
}

}  // namespace mailrota::policy
