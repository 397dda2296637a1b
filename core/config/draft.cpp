#include "core/config/draft.h"

#include <algorithm>

namespace mailrota::config {

namespace {

template <class All, class NameOf>
std::vector<std::string> names_of(const All& all, const NameOf& name_of) {
    std::vector<std::string> names;
    names.reserve(all.size());
    for (const auto& one : all) names.push_back(name_of(one));
    return names;
}

constexpr auto own_name = [](const auto& settings) { return settings.name; };

std::vector<std::string> names_of_rotas(const std::vector<RotaDraft>& rotas, bool phones) {
    std::vector<std::string> names;
    for (const RotaDraft& draft : rotas) {
        if (draft.phones == phones) names.push_back(draft.rota.name);
    }
    return names;
}

}  // namespace

std::vector<std::string> Draft::rota_names() const { return names_of_rotas(rotas, false); }

std::vector<std::string> Draft::phone_rota_names() const { return names_of_rotas(rotas, true); }

std::vector<std::string> Draft::relay_rota_names() const {
    return names_of(relay_rotas, [](const RelayRotaDraft& draft) { return draft.rota.name; });
}

std::vector<std::string> Draft::telephone_names() const { return names_of(config.telephones, own_name); }

std::vector<std::string> Draft::alert_names() const {
    return names_of(alerts, [](const AlertDraft& draft) { return draft.alert.name; });
}

std::vector<std::string> Draft::heartbeat_names() const {
    return names_of(heartbeats, [](const HeartbeatDraft& draft) { return draft.heartbeat.name; });
}

std::vector<std::string> Draft::provider_names() const { return names_of(config.providers, own_name); }

std::vector<std::string> Draft::list_names() const {
    return names_of(lists, [](const auto& list) { return list.first; });
}

std::vector<std::string> Draft::listener_names() const { return names_of(config.listeners, own_name); }

std::vector<std::string> Draft::box_names() const { return names_of(config.boxes, own_name); }

const policy::Rota* Draft::phone_rota(std::string_view name) const {
    const auto found = std::find_if(rotas.begin(), rotas.end(), [&](const RotaDraft& draft) {
        return draft.phones && draft.rota.name == name;
    });
    return found == rotas.end() ? nullptr : &found->rota;
}

std::string beside(const std::string& configuration, const std::string& path) {
    const auto slash = configuration.rfind('/');
    if (path.starts_with('/') || slash == std::string::npos) return path;
    return configuration.substr(0, slash + 1) + path;
}

}  // namespace mailrota::config
