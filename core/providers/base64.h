#pragma once

#include <string>
#include <string_view>

namespace mailrota::providers {

// `bytes` in base64 (RFC 4648 section 4) with padding, without line breaks.
std::string base64(std::string_view bytes);

}  // namespace mailrota::providers
