#include "core/policy/alert.h"

#include <algorithm>
#include <array>

#include "core/mail/digest.h"

namespace mailrota::policy {

std::string_view to_string(Severity severity) {
    constexpr std::array<std::string_view, 4> names{"info", "warning", "error", "critical"};
    return names.at(static_cast<std::size_t>(severity));
}

std::string_view to_string(Acknowledge acknowledge) {
    constexpr std::array<std::string_view, 3> names{"digit", "sms", "answer"};
    return names.at(static_cast<std::size_t>(acknowledge));
}

std::string_view luck_line(const Alert& alert, std::string_view mail) {
    if (alert.luck.empty()) return {};
    const std::array fields{std::string_view("mailrota luck"), mail};
    std::uint64_t number = 0;
    const auto digest = mail::digest_of(fields);
    for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | digest[i];
    return alert.luck[number % alert.luck.size()];
}

std::chrono::seconds escalation_time(const Alert& alert) {
    std::chrono::seconds round{0};
    for (const auto& step : alert.escalate) round += step.tries * step.wait;
    return alert.rounds * round;
}

}  // namespace mailrota::policy
