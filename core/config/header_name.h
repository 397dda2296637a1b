#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailrota::config {

// What is wrong with the name of a header field (RFC 5322 section 3.6.8: printable ASCII without a colon);
// nothing if it is one.
std::optional<std::string> header_name_fault(std::string_view name);

}  // namespace mailrota::config
