#include "core/config/header_name.h"

#include <algorithm>

#include "core/config/diagnostics.h"

namespace mailrota::config {

std::optional<std::string> header_name_fault(std::string_view name) {
    constexpr std::size_t longest = 76;
    const bool valid =
        !name.empty() && name.size() <= longest &&
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != ':'; });
    if (valid) return std::nullopt;
    return quoted(name) +
           " is no name of a header field: 1 to 76 printable ASCII characters, no colon, no blank";
}

}  // namespace mailrota::config
