#include <fmt/format.h>

#include <unordered_map>

#include "core/config/draft.h"
#include "core/mail/address.h"

namespace mailrota::config {

namespace {

std::string key_of(const Text& text) { return mail::Address::from_envelope(text.text).key(); }

struct Owner {
    const RotaDraft* rota = nullptr;
    std::uint32_t line = 0;
};
using Owners = std::unordered_map<std::string, Owner>;  // by address key

Owners find_owners(const Draft& draft, Diagnostics& diagnostics) {
    Owners owners;
    for (const RotaDraft& rota : draft.rotas) {
        for (const Text& address : rota.addresses) {
            const auto [owner, is_new] = owners.emplace(key_of(address), Owner{&rota, address.line});
            if (is_new) continue;
            diagnostics.error(address.line, fmt::format("rota.{}.addresses", rota.rota.name),
                              fmt::format("{} belongs to rota {} already, by line {}", quoted(address.text),
                                          quoted(owner->second.rota->rota.name), owner->second.line),
                              "an address belongs to one rota");
        }
    }
    return owners;
}

// A rota's choice is not looked up in other rotas: one pass of a mail draws the turns of the recipients that
// it came with.
void check_targets(const RotaDraft& rota, const std::vector<Text>& targets, std::string_view key,
                   const Owners& owners, Diagnostics& diagnostics) {
    for (const Text& target : targets) {
        const auto owner = owners.find(key_of(target));
        if (owner == owners.end() || owner->second.rota == &rota) continue;
        diagnostics.warning(
            target.line, fmt::format("rota.{}.{}", rota.rota.name, key),
            fmt::format("{} is the address of rota {}, whose turn is not drawn when this rota chooses it",
                        quoted(target.text), quoted(owner->second.rota->rota.name)),
            "name the people themselves");
    }
}

}  // namespace

void check_rotas(const Draft& draft, Diagnostics& diagnostics) {
    const Owners owners = find_owners(draft, diagnostics);
    for (const RotaDraft& rota : draft.rotas) {
        check_targets(rota, rota.members, "members", owners, diagnostics);
        check_targets(rota, rota.fallback, "fallback", owners, diagnostics);
        if (rota.addressed || draft.rotas_in_use.contains(rota.rota.name)) continue;
        if (rota.phones) {
            diagnostics.warning(
                rota.line, "rota." + rota.rota.name, "is never used: no alert names it",
                fmt::format("write an alert with escalate = [{{ rota = {} }}]", quoted(rota.rota.name)));
            continue;
        }
        diagnostics.warning(
            rota.line, "rota." + rota.rota.name, "is never used: it has no addresses and no rule names it",
            "write addresses = [\"team@example.com\"] or a rule with then = [{ rota = ... }]");
    }
}

}  // namespace mailrota::config
