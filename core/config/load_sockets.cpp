#include "core/config/load_sockets.h"

#include <fmt/format.h>

#include "core/config/socket_address.h"

namespace mailrota::config {

namespace {

// "90s", "15m", "2h", "5d": the largest unit that divides it.
std::string shown(std::chrono::seconds time) {
    constexpr std::pair<std::int64_t, char> units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}};
    for (const auto& [length, letter] : units) {
        if (time.count() % length == 0) return fmt::format("{}{}", time.count() / length, letter);
    }
    return fmt::format("{}s", time.count());
}

}  // namespace

std::string read_socket(const Section& section, std::string_view key, const Text& socket) {
    const auto parsed = parse_socket(socket.text);
    if (parsed) return *parsed;
    section.diagnostics().error(socket.line, section.path(key),
                                fmt::format("{} is no socket: {}", quoted(socket.text), parsed.error().text),
                                socket.text.starts_with('/')
                                    ? fmt::format("write \"unix:{}\"", socket.text)
                                    : "write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT");
    return {};
}

std::uint32_t load_mode(const Section& section) {
    constexpr std::uint32_t fallback = 0660;
    const toml::node* node = section.node("socket_mode");
    if (node == nullptr) return fallback;
    const auto* value = node->as_string();
    if (value == nullptr) {
        section.wrong_type("socket_mode", "a string", *node, "write as in \"0660\"");
        return fallback;
    }
    const std::string& text = value->get();
    const bool octal =
        text.find_first_not_of("01234567") == std::string::npos && text.size() >= 3 && text.size() <= 4;
    if (!octal || (text.size() == 4 && text.front() != '0')) {
        section.error("socket_mode", quoted(text) + " is no file mode", "write as in \"0660\"");
        return fallback;
    }
    return static_cast<std::uint32_t>(std::stoul(text, nullptr, 8));
}

void refuse_keys(const Section& section, std::initializer_list<std::string_view> keys,
                 std::string_view because, std::string_view hint) {
    for (const std::string_view key : keys) {
        if (section.has(key)) section.error(key, because, hint);
    }
}

std::optional<Endpoint> load_endpoint(const Section& section, std::string_view key) {
    if (!section.has(key)) return std::nullopt;
    const auto text = section.text(key);
    if (!text) return Endpoint();
    auto endpoint = parse_endpoint(*text);
    if (endpoint) return *std::move(endpoint);
    section.error(key, fmt::format("{} is no mail server: {}", quoted(*text), endpoint.error().text),
                  "write as in \"smtp:127.0.0.1:10026\" or \"lmtp:unix:/run/dovecot/lmtp\"");
    return Endpoint();
}

std::optional<Endpoint> load_smtp_endpoint(const Section& section, std::string_view key) {
    auto endpoint = load_endpoint(section, key);
    if (!endpoint || endpoint->protocol == Endpoint::Protocol::smtp) return endpoint;
    section.error(key, fmt::format("{} speaks LMTP: only SMTP will do", quoted(endpoint->to_string())),
                  "mail goes back to the MTA here: write as in \"smtp:127.0.0.1:10026\"");
    return endpoint;
}

std::optional<std::vector<policy::Network>> load_networks(const Section& section, std::string_view key) {
    if (!section.has(key)) return std::nullopt;
    std::vector<policy::Network> networks;
    for (const Text& text : section.texts(key)) {
        auto network = policy::Network::parse(text.text);
        if (network) {
            networks.push_back(*std::move(network));
        } else {
            section.diagnostics().error(text.line, section.path(key), network.error().text,
                                        "write a network as in \"192.0.2.0/24\"");
        }
    }
    return networks;
}

std::vector<policy::Network> loopback() {
    return {policy::Network::parse("127.0.0.0/8").value(), policy::Network::parse("::1").value()};
}

std::optional<TlsSettings> load_tls(const Section& section) {
    const auto table = section.section("tls");
    if (!table) return std::nullopt;
    for (const std::string_view key : {"certificate", "key"}) {
        if (!table->has(key)) {
            table->error(key, "is missing",
                         "write tls = { certificate = \"/PATH/fullchain.pem\", key = \"/PATH/key.pem\" }");
        }
    }
    return TlsSettings{load_path(*table, "certificate"), load_path(*table, "key")};
}

std::string load_path(const Section& section, std::string_view key) {
    const auto path = section.text(key);
    if (!path) return {};
    if (path->starts_with('/')) return *path;
    section.error(key, quoted(*path) + " is no absolute path");
    return {};
}

std::optional<std::chrono::seconds> load_duration(const Section& section, std::string_view key,
                                                  std::chrono::seconds least, std::chrono::seconds most) {
    const auto duration = section.duration(key);
    if (!duration || (*duration >= least && *duration <= most)) return duration;
    section.error(key, fmt::format("{} is out of range: from {} to {}",
                                   quoted(section.text(key).value_or("")), shown(least), shown(most)));
    return std::nullopt;
}

void load_count(const Section& section, std::string_view key, std::int64_t most, std::uint32_t& into) {
    if (const auto number = section.integer(key, 1, most)) into = static_cast<std::uint32_t>(*number);
}

}  // namespace mailrota::config
