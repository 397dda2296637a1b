#include "core/config/load_relay_rota.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/config/load_members.h"
#include "core/config/load_phone_rota.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"

namespace mailrota::config {

namespace {

using Strategy = RelayRota::Strategy;
using Uncertain = RelayRota::Uncertain;
using std::chrono::hours;
using std::chrono::seconds;

constexpr hours longest_hold{24 * 7};
constexpr hours longest_uncertain{24};  // well before the MTA's queue gives up

bool names_provider(const toml::node& member) {
    const auto* table = member.as_table();
    return table != nullptr && table->contains("provider");
}

// Reads the members of one rota of providers, one after the other.
class ProviderList {
  public:
    ProviderList(const Section& rota, const Draft& draft, RelayRota& into)
        : rota_(rota), known_(draft.provider_names()), into_(into) {}

    void read() {
        check_member_forms(rota_);
        if (const toml::node* members = rota_.node("members")) read_mixed(*members);
        for (const Section& member : rota_.sections("member", fmt::format("[[{}.member]]", rota_.path())))
            read_table(member);
    }

  private:
    void read_mixed(const toml::node& members) {
        if (!members.is_array())
            return rota_.wrong_type("members", "an array", members, "write members = [{ provider = \"…\" }]");
        for (const toml::node& element : *members.as_array()) {
            if (const auto* table = element.as_table()) {
                read_table(Section(*table, rota_.path("members"), "rota.NAME.member", rota_.diagnostics()));
            } else if (element.is_string()) {
                mixed(line_of(element), rota_.path("members"));
            } else {
                rota_.wrong_type("members", "tables", element, "write members = [{ provider = \"…\" }]");
            }
        }
    }

    void mixed(std::uint32_t line, const std::string& path) const {
        rota_.diagnostics().error(line, path, "a person beside providers: a rota has one kind of members",
                                  "write two rotas");
    }

    void read_table(const Section& member) {
        for (const std::string_view key : {"address", "phone"}) {
            if (member.has(key)) return mixed(member.line(key), member.path(key));
        }
        refuse_phone_keys(member);
        refuse_keys(member, {"hours", "tz", "leave", "max_per_day", "paused"},
                    "is of no use: only people come and go",
                    "to have no mail sent by a provider, leave it out of the members");
        const auto weight = member.integer("weight", 1, 1000);
        if (weight && into_.strategy == Strategy::failover) {
            member.warning("weight", "is of no use under failover: the first that works gets all mail",
                           "write strategy = \"round-robin\", or leave it out");
        }
        if (!member.has("provider"))
            member.error("provider", "is missing", "write as in { provider = \"sendgrid\" }");
        if (const auto name = member.text("provider"))
            add(member, *name, static_cast<int>(weight.value_or(1)));
    }

    void add(const Section& member, const std::string& name, int weight) {
        if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
            const std::string near = suggestion(name, known_);
            member.error("provider", "there is no provider " + quoted(name),
                         near.empty() ? fmt::format("write [provider.{}] with kind = \"…\"", name) : near);
        }
        const auto [earlier, is_new] = seen_.emplace(name, member.line("provider"));
        if (!is_new) {
            return member.error(
                "provider", fmt::format("{} is a member already, by line {}", quoted(name), earlier->second));
        }
        into_.members.push_back({name, weight});
    }

    const Section& rota_;
    std::vector<std::string> known_;
    RelayRota& into_;
    std::map<std::string, std::uint32_t> seen_;  // provider → line
};

void refuse_keys_of_people(const Section& rota) {
    refuse_keys(rota, {"addresses"}, "is of no use: providers carry mail out, and nobody writes to them",
                "write a rule with then = [{ relay = \"…\" }]");
    refuse_keys(rota, {"fallback"},
                "is of no use: without a provider that works the mail waits in the MTA's queue",
                "write the provider of last resort as the last member");
    refuse_keys(rota, {"sticky", "tz", "rotate", "handoff", "start", "override"},
                "is of no use: its members are providers");
    refuse_keys(rota, {"on_error"},
                "is of no use: when the store is away, mail to providers is always deferred",
                "a mail might be sent twice otherwise");
}

void load_hold(const Section& rota, RelayRota& into) {
    if (into.strategy == Strategy::round_robin) {
        refuse_keys(rota, {"hold"}, "has no meaning under strategy \"round-robin\"",
                    "only failover keeps to the first that works");
    }
    into.hold = load_duration(rota, "hold", seconds{1}, longest_hold).value_or(into.hold);
}

void load_uncertain(const Section& rota, RelayRota& into) {
    if (const auto choice = rota.choice("uncertain", {"hold", "same", "next"}))
        into.uncertain = static_cast<Uncertain>(*choice);
    if (into.uncertain != Uncertain::hold) {
        refuse_keys(rota, {"uncertain_hold"}, "is of no use: only uncertain = \"hold\" holds a mail");
    }
    const auto hold = load_duration(rota, "uncertain_hold", seconds{60}, longest_uncertain);
    into.uncertain_hold = hold.value_or(into.uncertain_hold);
}

}  // namespace

bool has_providers(const Section& rota) {
    const auto in = [&](std::string_view key) {
        const toml::node* node = rota.node(key);
        const auto* array = node == nullptr ? nullptr : node->as_array();
        return array != nullptr && std::any_of(array->begin(), array->end(), names_provider);
    };
    return in("members") || in("member");
}

RelayRotaDraft load_relay_rota(const std::string& name, const Section& rota, const Draft& draft) {
    RelayRotaDraft out;
    out.line = rota.line();
    out.rota.name = name;
    if (rota.choice("strategy", {"failover", "round-robin"}) == 1U) out.rota.strategy = Strategy::round_robin;
    ProviderList(rota, draft, out.rota).read();
    refuse_keys_of_people(rota);
    load_hold(rota, out.rota);
    load_uncertain(rota, out.rota);
    return out;
}

void refuse_relay_keys(const Section& rota) {
    refuse_keys(rota, {"hold", "uncertain", "uncertain_hold"},
                "is of no use: its members are people, not providers");
}

}  // namespace mailrota::config
