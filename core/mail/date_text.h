#pragma once

#include <chrono>
#include <string>

namespace mailrota::mail {

// "Mon, 01 Jan 2024 00:00:00 +0000" (RFC 5322 section 3.3), whatever the locale. Pure.
std::string date_text(std::chrono::sys_seconds time);

}  // namespace mailrota::mail
