#include <fmt/format.h>

#include <algorithm>

#include "core/config/addresses.h"
#include "core/config/draft.h"
#include "core/config/load_members.h"
#include "core/config/load_phone_rota.h"
#include "core/config/load_relay_rota.h"
#include "core/config/load_schedule.h"
#include "core/mail/address.h"

namespace mailrota::config {

namespace {

void load_sticky(const Section& section, policy::Rota& rota) {
    const auto sticky = section.section("sticky");
    if (!sticky) return;
    policy::Sticky& into = rota.sticky.emplace();
    into.lasting = sticky->duration("for").value_or(std::chrono::hours{24 * 30});
    if (sticky->choice("by", {"thread", "sender"}) == 1U) into.by = policy::Sticky::By::sender;
    if (rota.strategy == policy::Strategy::round_robin) return;
    section.error("sticky", "has no meaning under strategy " + quoted(section.text("strategy").value_or("")),
                  "only round-robin has turns that can stick");
}

void check_fallback(const Section& section, const RotaDraft& draft) {
    for (const Text& fallback : draft.fallback) {
        const std::string key = mail::Address::from_envelope(fallback.text).key();
        for (const Text& own : draft.addresses) {
            if (mail::Address::from_envelope(own.text).key() != key) continue;
            section.diagnostics().error(fallback.line, section.path("fallback"),
                                        quoted(fallback.text) + " is an address of the rota itself",
                                        "mail for it would come back to the rota: name another address");
        }
    }
}

policy::Zone load_rota_zone(const Section& section) {
    return load_zone(section, "tz").value_or(policy::Zone());
}

RotaDraft load_rota(const std::string& name, const Section& section,
                    const std::vector<std::string>& providers) {
    RotaDraft draft;
    policy::Rota& rota = draft.rota;
    rota.name = name;
    draft.line = section.line();
    draft.addresses = load_addresses(section, "addresses");
    draft.addressed = section.has("addresses");
    if (is_empty_array(section.node("addresses"))) {
        section.error("addresses", "is empty", "leave it out if only rules name this rota");
    }
    draft.fallback = load_addresses(section, "fallback");
    rota.strategy = load_strategy(section);
    const policy::Zone zone = load_rota_zone(section);
    rota.members = load_members(section, zone, providers, draft.members);
    rota.addresses = plain(draft.addresses);
    rota.fallback = plain(draft.fallback);
    load_sticky(section, rota);
    load_schedule(section, zone, rota);
    refuse_relay_keys(section);
    rota.pass_on_error = section.choice("on_error", {"defer", "pass"}) == 1U;
    check_fallback(section, draft);
    if (!section.has("members") && !section.has("member") && !section.has("fallback")) {
        section.diagnostics().error(section.line(), section.path(), "has no members and no fallback",
                                    "write members = [\"ann@example.com\", \"ben@example.com\"]");
    }
    return draft;
}

}  // namespace

void load_rotas(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("rota", "rota.NAME")) {
        if (has_providers(section)) {
            draft.relay_rotas.push_back(load_relay_rota(name, section, draft));
        } else if (has_phones(section)) {
            draft.rotas.push_back(load_phone_rota(name, section));
        } else {
            draft.rotas.push_back(load_rota(name, section, draft.provider_names()));
        }
    }
}

}  // namespace mailrota::config
