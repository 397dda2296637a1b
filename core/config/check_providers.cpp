#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/provider_kinds.h"

namespace mailrota::config {

namespace {

using Transport = ProviderSettings::Transport;

std::string path_of(const ProviderSettings& provider) { return "provider." + provider.name; }

// Takes a mail as it is: raw, or by SMTP.
bool keeps_whole(const ProviderSettings& provider) {
    return provider.transport == Transport::smtp || provider_kind(provider.kind).raw;
}

bool is_member(const Draft& draft, const ProviderSettings& provider) {
    return std::any_of(draft.relay_rotas.begin(), draft.relay_rotas.end(), [&](const RelayRotaDraft& one) {
        const auto& members = one.rota.members;
        return std::any_of(members.begin(), members.end(),
                           [&](const auto& member) { return member.provider == provider.name; });
    });
}

void check_use(const Draft& draft, const ProviderSettings& provider, Diagnostics& diagnostics) {
    if (is_member(draft, provider)) return;
    diagnostics.warning(
        draft.provider_lines.at(provider.name), path_of(provider), "is never used: it is a member of no rota",
        fmt::format("write [rota.outbound] with members = [{{ provider = {} }}]", quoted(provider.name)));
}

void check_promises(const Draft& draft, const ProviderSettings& provider, Diagnostics& diagnostics) {
    const ProviderKind& kind = provider_kind(provider.kind);
    const std::uint32_t line = draft.provider_lines.at(provider.name);
    if (provider.tracking && !kind.tracking_switch) {
        diagnostics.warning(line, path_of(provider) + ".tracking",
                            fmt::format("has no effect: {} has no switch for single mails", kind.name),
                            "what is set in the account there holds for every mail");
    }
    const bool http = provider.transport == Transport::http;
    if (!(http ? kind.id_over_http : kind.id_over_smtp)) {
        diagnostics.warning(line, path_of(provider),
                            fmt::format("the Message-ID may change: {} does not promise to keep it over {}",
                                        kind.name, http ? "HTTP" : "SMTP"),
                            "replies may name another one; mailrota knows its mails by an id of its own");
    }
}

// All of them send in their own name; told once, of all.
void check_envelope_senders(const Draft& draft, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    std::uint32_t line = 0;
    for (const ProviderSettings& provider : draft.config.providers) {
        if (provider.kind == ProviderSettings::Kind::smtp) continue;
        if (names.empty()) line = draft.provider_lines.at(provider.name);
        names.push_back(quoted(provider.name));
    }
    if (names.empty()) return;
    diagnostics.warning(
        line, "provider",
        fmt::format("the envelope sender does not stay with mail that goes by {}: bounces go to "
                    "the provider and come back as events only",
                    fmt::join(names, ", ")),
        "where others must see the sender's address, use a provider of kind smtp");
}

// Told where the first provider is that would have events.
void check_events(const Draft& draft, Diagnostics& diagnostics) {
    const auto& all = draft.config.providers;
    const auto first = std::find_if(all.begin(), all.end(), [](const ProviderSettings& one) {
        return one.kind != ProviderSettings::Kind::smtp;
    });
    if (first == all.end() || !draft.webhook_lines.empty()) return;
    const std::uint32_t line = draft.provider_lines.at(first->name);
    const EventSettings& events = draft.config.events;
    if (!events.command.empty() || !events.url.empty()) {
        diagnostics.warning(line, "events", "there are none: no provider has a webhook",
                            "write [provider.NAME.webhook]");
    }
    if (draft.config.relay.notify) {
        diagnostics.warning(line, "relay.notify",
                            "no provider has a webhook: senders are not told of bounces that come after a "
                            "provider took the mail",
                            "write [provider.NAME.webhook], or [relay] with notify = false");
    }
}

void check_relay_use(const Draft& draft, const RelayRotaDraft& rota, Diagnostics& diagnostics) {
    if (draft.rotas_in_use.contains(rota.rota.name)) return;
    diagnostics.warning(rota.line, "rota." + rota.rota.name, "is never used: no rule names it",
                        fmt::format("write a rule with then = [{{ relay = {} }}]", quoted(rota.rota.name)));
}

void check_lossy(const Draft& draft, const RelayRotaDraft& rota, Diagnostics& diagnostics) {
    const auto refuses = [&](const RelayRota::Member& member) {
        const auto* provider = draft.config.provider(member.provider);
        return provider != nullptr && !keeps_whole(*provider) &&
               provider->lossy == ProviderSettings::Lossy::refuse;
    };
    const auto& members = rota.rota.members;
    if (members.empty() || !std::all_of(members.begin(), members.end(), refuses)) return;
    diagnostics.warning(
        rota.line, "rota." + rota.rota.name,
        "every provider of it takes mail apart: signed and encrypted mail, DSNs, calendars and mail with the "
        "null sender are refused",
        "add a provider with transport = \"smtp\" as the last member, or write lossy = \"send\"");
}

}  // namespace

std::chrono::seconds Draft::longest_relay(std::string_view rota) const {
    std::chrono::seconds sum{0};
    for (const RelayRotaDraft& one : relay_rotas) {
        if (one.rota.name != rota) continue;
        for (const RelayRota::Member& member : one.rota.members) {
            if (const auto* provider = config.provider(member.provider)) sum += provider->timeout;
        }
    }
    return sum;
}

void check_providers(const Draft& draft, Diagnostics& diagnostics) {
    for (const ProviderSettings& provider : draft.config.providers) {
        check_use(draft, provider, diagnostics);
        check_promises(draft, provider, diagnostics);
    }
    check_envelope_senders(draft, diagnostics);
    check_events(draft, diagnostics);
}

void check_relay_rotas(const Draft& draft, Diagnostics& diagnostics) {
    for (const RelayRotaDraft& rota : draft.relay_rotas) {
        check_relay_use(draft, rota, diagnostics);
        check_lossy(draft, rota, diagnostics);
    }
}

}  // namespace mailrota::config
