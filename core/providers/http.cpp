#include "core/providers/http.h"

#include "core/policy/fold.h"
#include "core/providers/webhook.h"

namespace mailrota::providers {
namespace {

std::string_view first_of(const std::vector<std::pair<std::string, std::string>>& headers,
                          std::string_view name) {
    for (const auto& [key, value] : headers)
        if (policy::equal_folded(key, name)) return value;
    return {};
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const { return first_of(headers, name); }

std::string_view HookRequest::header(std::string_view name) const { return first_of(headers, name); }

}  // namespace mailrota::providers
