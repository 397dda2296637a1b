#pragma once

#include <string>
#include <vector>

#include "tests/rig/fake_providers.h"

namespace mailrota::bench {

/// Signed webhooks of one provider, as it would send them.
struct HookBatch {
    std::string provider;
    std::vector<rig::FakePost> posts;
    int events = 0;  ///< of all posts together, all different
};

/// `posts` webhooks of `each` events, made and signed by the fakes.
HookBatch make_hooks(const rig::FakeProviders& fakes, const std::string& provider, int posts, int each);

/// Sends all of them over `connections` connections, and then all of them once more. Returns when all are
/// answered; throws if one was answered by anything but 200.
void load_hooks(const std::string& address, const HookBatch& batch, int connections);

/// How many events of the provider mailrota-web at this address has counted as known before.
double duplicates_counted(const std::string& address, const std::string& provider);

}  // namespace mailrota::bench
