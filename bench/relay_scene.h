#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/subject.h"
#include "tests/rig/fake_providers.h"

namespace mailrota::bench {

/// A way to a provider that is measured.
struct RelayWay {
    std::string name;  ///< for people
    std::string kind;  ///< of the provider
    bool tls = false;
};

/// One that takes a mail in pieces, as JSON, and one that takes its bytes; the first also over TLS.
std::vector<RelayWay> relay_ways();

/// Fake providers that take whatever comes, keep nothing, and answer a sending call after so long.
std::unique_ptr<rig::FakeProviders> lenient_fakes(std::chrono::milliseconds latency);

/// mailrota-lmtp on a unix socket, with one rota of one provider for all mail. It takes mail when this
/// returns, and has taken one.
std::unique_ptr<Subject> relaying_lmtp(const rig::FakeProviders& fakes, const RelayWay& way);

/// mailrota-web on a unix socket, which takes webhooks of sendgrid, mandrill and sparkpost.
std::unique_ptr<Subject> hooked_web(const rig::FakeProviders& fakes);

/// What mandrill signs: the URL that hooked_web() has for it.
std::string mandrill_url();

}  // namespace mailrota::bench
