#include "core/config/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/text_check.h"

namespace mailrota::config {

namespace {

std::string_view without_bom(std::string_view text) {
    constexpr std::string_view bom = "\xEF\xBB\xBF";
    if (text.starts_with(bom)) text.remove_prefix(bom.size());
    return text;
}

template <class Settings>
const Settings* named(const std::vector<Settings>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

// toml++ throws; nothing of it leaves here.
std::optional<toml::table> parse(std::string_view text, Diagnostics& diagnostics) {
    if (const auto fault = check_text(text)) {
        diagnostics.error(fault->line, {}, fault->text, fault->hint);
        return std::nullopt;
    }
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& fault) {
        const auto at = fault.source().begin;
        diagnostics.error(at.line, {},
                          fmt::format("this is no TOML, column {}: {}", at.column, fault.description()));
    } catch (const std::exception& fault) {
        diagnostics.error(0, {}, fmt::format("this is no TOML: {}", fault.what()));
    }
    return std::nullopt;
}

void read(const toml::table& table, const ReadFile& read_file, Draft& draft, Diagnostics& diagnostics) {
    const Section top(table, "", "", diagnostics);
    load_settings(top, draft);
    load_programs(top, draft);
    load_listeners(top, draft);
    load_boxes(top, draft);
    load_providers(top, draft);
    load_relaying(top, draft);
    load_lists(top, read_file, draft);
    load_telephones(top, draft);
    load_calls(top, draft);
    load_rotas(top, draft);
    load_alerts(top, read_file, draft);
    load_heartbeats(top, draft);
    load_selftests(top, draft);
    load_rules(top, draft);
    check_rotas(draft, diagnostics);
    check_rules(draft, diagnostics);
    check_listeners(draft, diagnostics);
    check_boxes(draft, diagnostics);
    check_providers(draft, diagnostics);
    check_relay_rotas(draft, diagnostics);
    check_calls(draft, diagnostics);
    check_alerts(draft, diagnostics);
    check_heartbeats(draft, diagnostics);
    check_selftests(draft, diagnostics);
    if (!diagnostics.has_errors() && draft.rotas.empty() && draft.rules.empty()) {
        diagnostics.warning(0, {},
                            "nothing to do: there is no rota and no rule, every mail passes as it came");
    }
}

std::shared_ptr<const policy::Policy> build(Draft& draft) {
    std::vector<policy::Rule> rules;
    for (RuleDraft& rule : draft.rules) rules.push_back(std::move(rule.rule));
    std::vector<policy::Rota> rotas;
    for (RotaDraft& rota : draft.rotas) rotas.push_back(std::move(rota.rota));
    std::vector<policy::Alert> alerts;
    for (AlertDraft& alert : draft.alerts) alerts.push_back(std::move(alert.alert));
    std::vector<policy::Heartbeat> heartbeats;
    for (HeartbeatDraft& one : draft.heartbeats) heartbeats.push_back(std::move(one.heartbeat));
    return std::make_shared<const policy::Policy>(std::move(rules), std::move(rotas), draft.config.limits,
                                                  std::move(alerts), std::move(heartbeats));
}

}  // namespace

const ListenerSettings* Config::listener(std::string_view name) const { return named(listeners, name); }

const BoxSettings* Config::box(std::string_view name) const { return named(boxes, name); }

const ProviderSettings* Config::provider(std::string_view name) const { return named(providers, name); }

const RelayRota* Config::relay_rota(std::string_view name) const { return named(relay_rotas, name); }

const TelephoneSettings* Config::telephone(std::string_view name) const { return named(telephones, name); }

const policy::Selftest* Config::selftest(std::string_view name) const { return named(selftests, name); }

std::string ControlSettings::socket_of(std::string_view program) const {
    const auto slash = socket.rfind('/');
    if (program == "milter" || slash == std::string::npos) return socket;
    return fmt::format("{}/{}.ctl", socket.substr(0, slash), program);
}

Loaded load(std::string_view toml, const std::string& file, const ReadFile& read_file) {
    Diagnostics diagnostics(file);
    Draft draft;
    draft.config.file = file;
    if (const auto table = parse(without_bom(toml), diagnostics)) {
        read(*table, read_file, draft, diagnostics);
    }
    Loaded loaded;
    loaded.diagnostics = diagnostics.sorted();
    if (diagnostics.has_errors()) return loaded;
    loaded.policy = build(draft);
    for (RelayRotaDraft& rota : draft.relay_rotas) draft.config.relay_rotas.push_back(std::move(rota.rota));
    for (SelftestDraft& one : draft.selftests) draft.config.selftests.push_back(std::move(one.selftest));
    loaded.config = std::move(draft.config);
    return loaded;
}

}  // namespace mailrota::config
