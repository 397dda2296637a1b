#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/policy/breaker.h"
#include "core/store/store.h"
#include "ctl/table.h"

namespace mailrota::ctl {

// A provider, with what the store remembers of it.
struct KnownProvider {
    struct Member {  // of a rota
        std::string rota;
        std::optional<store::RelayHold> hold;  // the rota keeps to this provider
    };
    struct Domain {  // of senders, whose mail alone it refused at some time
        std::string name;
        policy::Breaker breaker;
    };

    std::string name;
    const config::ProviderSettings* settings = nullptr;  // null: the configuration does not have it any more
    std::vector<Member> rotas;
    std::optional<policy::Breaker> breaker;  // nothing: it was never asked
    std::vector<Domain> domains;
};

// Those of the configuration in its order; then those that only the store still knows. `config` outlives the
// answer.
Result<std::vector<KnownProvider>> known_providers(store::Transaction& transaction,
                                                   const config::Config& config);

// The provider that a breaker's scope is of, and the senders' domain that it is limited to, or none.
struct Scope {
    std::string provider;
    std::string domain;
};
Scope parse_scope(std::string_view scope);

// "works", "out of order until 2026-11-20 14:30:00 (in 5m)", "tries again: …".
Cell standing_of(const policy::Breaker& breaker, store::Time now);
// The same of all that the store knows: "never asked", "works; not for 2 domains".
Cell standing_of(const KnownProvider& provider, store::Time now);

// "http" or "smtp".
std::string_view to_string(config::ProviderSettings::Transport transport);

// "there is no provider \"x\"; there are: …"
std::string no_such_provider(const std::string& name, const config::Config& config);

}  // namespace mailrota::ctl
