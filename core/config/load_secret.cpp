#include "core/config/load_secret.h"

#include <fmt/format.h>

#include <array>
#include <set>

namespace mailrota::config {

namespace {

constexpr std::array<std::string_view, 3> kinds = {"file", "credential", "env"};
constexpr std::string_view sample =
    "write { file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" }";

bool valid(SecretSource::Kind kind, const std::string& name) {
    constexpr std::string_view word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (kind == SecretSource::Kind::file) return name.starts_with('/');
    if (kind == SecretSource::Kind::env)
        return !name.empty() && name.find_first_not_of(word) == std::string::npos;
    return !name.empty() && name.find('/') == std::string::npos && !name.starts_with('.');
}

// A name that cannot be one may be the secret itself: it is not repeated.
std::string_view fault_of(SecretSource::Kind kind) {
    if (kind == SecretSource::Kind::file) return "is no absolute path";
    if (kind == SecretSource::Kind::env) return "is no name of an environment variable";
    return "is no name of a credential";
}

}  // namespace

std::optional<SecretSource> read_secret(const Section& section, std::string_view key, const toml::node& node,
                                        const std::string& file) {
    Diagnostics& diagnostics = section.diagnostics();
    const auto* table = node.as_table();
    if (table == nullptr) {
        const bool itself = node.is_string();
        diagnostics.error(line_of(node), section.path(key),
                          itself ? "a secret does not stand in the configuration itself"
                                 : fmt::format("takes a table, not {}", type_name(node)),
                          sample);
        return std::nullopt;
    }
    const Section source(*table, section.path(key), "box.NAME.token", diagnostics);
    if (table->size() != 1) {
        diagnostics.error(line_of(node), section.path(key), "takes exactly one of file, credential and env",
                          sample);
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto name = source.text(kinds[i]);
        if (!name) continue;
        const auto kind = static_cast<SecretSource::Kind>(i);
        if (!valid(kind, *name)) source.error(kinds[i], fault_of(kind));
        return SecretSource{kind, *name, fmt::format("{}:{}", file, line_of(node))};
    }
    return std::nullopt;
}

std::optional<SecretSource> load_secret(const Section& section, std::string_view key,
                                        const std::string& file) {
    const toml::node* node = section.node(key);
    return node == nullptr ? std::nullopt : read_secret(section, key, *node, file);
}

std::vector<SecretSource> load_secrets(const Section& section, std::string_view one, std::string_view several,
                                       const std::string& file) {
    std::vector<SecretSource> secrets;
    const auto add = [&](std::string_view key, const toml::node& node) {
        if (auto secret = read_secret(section, key, node, file)) secrets.push_back(*std::move(secret));
    };
    if (const auto* node = section.node(one)) add(one, *node);
    const toml::node* all = section.node(several);
    if (all == nullptr) return secrets;
    if (const auto* array = all->as_array()) {
        for (const toml::node& element : *array) add(several, element);
    } else {
        add(several, *all);
    }
    return secrets;
}

std::vector<BoxSettings::User> load_users(const Section& section, const std::string& file) {
    std::vector<BoxSettings::User> users;
    std::set<std::string> names;
    for (const Section& user : section.sections("users", "[[" + section.path("users") + "]]")) {
        const auto name = user.text("name");
        if (!user.has("name")) user.error("name", "is missing");
        if (name && (name->empty() || name->find(':') != std::string::npos))
            user.error("name", quoted(*name) + " is no user name: it is empty or has a colon");
        if (name && !names.insert(*name).second) user.error("name", quoted(*name) + " stands here twice");
        if (!user.has("password")) {
            user.error("password", "is missing",
                       "write password = { file = \"/etc/mailrota/secrets/NAME\" }");
        }
        if (auto secret = load_secret(user, "password", file))
            users.push_back({name.value_or(""), *std::move(secret)});
    }
    return users;
}

}  // namespace mailrota::config
