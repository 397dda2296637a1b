#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/providers/webhook.h"

// What the checks of several providers share.
namespace mailrota::providers {

// What is the same for all before a signature is looked at: HEAD and GET ask only whether there is somebody,
// and if users are configured one of them must fit (RFC 7617). Nothing: the signature decides.
std::optional<Verdict> check_method_and_user(const HookRequest& request, const HookKeys& keys);

// Whether the request names one of the users; every one of them is compared.
bool user_fits(const HookRequest& request, const HookKeys& keys);

// Repeats of most providers carry the first signature, some for more than a day: only what is far older is a
// replay for sure. What keeps younger ones out are the ids of events that are stored.
inline constexpr std::chrono::hours oldest_signature{7 * 24};
// How far the provider's clock may be ahead of ours.
inline constexpr std::chrono::minutes clock_skew{10};

// Whether a signature's time is too far from `now` either way, or no time.
bool is_stale(std::optional<std::chrono::sys_seconds> made, std::chrono::sys_seconds now,
              std::chrono::seconds oldest = oldest_signature, std::chrono::seconds ahead = clock_skew);

}  // namespace mailrota::providers
