#include "core/config/socket_address.h"

#include <fmt/format.h>

#include <charconv>

#include "core/config/diagnostics.h"

namespace mailrota::config {

namespace {

constexpr std::size_t longest_path = 107;  // of sockaddr_un

Result<std::string> unix_socket(std::string_view path) {
    if (!path.starts_with('/')) return invalid("the path of a unix socket must be absolute");
    if (path.size() > longest_path) {
        return invalid(fmt::format("the path of a unix socket has at most {} bytes", longest_path));
    }
    return fmt::format("unix:{}", path);
}

bool valid_port(std::string_view text) {
    int port = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
    return fault == std::errc{} && end == text.data() + text.size() && port > 0 && port <= 65535;
}

std::string_view without_brackets(std::string_view host) {
    if (host.size() > 2 && host.starts_with('[') && host.ends_with(']'))
        return host.substr(1, host.size() - 2);
    return host;
}

bool valid_host(std::string_view host) {
    return !host.empty() && host.find_first_of(" \t\r\n@[]/") == std::string_view::npos;
}

Result<std::string> inet_socket(std::string_view family, std::string_view rest) {
    const auto at = rest.find('@');
    const auto colon = rest.rfind(':');
    std::string_view port = rest.substr(0, at);
    std::string_view host = at == std::string_view::npos ? "" : rest.substr(at + 1);
    if (at == std::string_view::npos && colon != std::string_view::npos) {
        host = rest.substr(0, colon);
        port = rest.substr(colon + 1);
    }
    host = without_brackets(host);
    if (!valid_port(port)) return invalid(fmt::format("{} is no port from 1 to 65535", quoted(port)));
    if (!valid_host(host)) return invalid("the host is missing or not understood");
    return fmt::format("{}:{}@{}", family, port, host);
}

}  // namespace

Result<std::string> parse_socket(std::string_view text) {
    const auto colon = text.find(':');
    const std::string_view family = text.substr(0, colon);
    const std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    if (family == "unix" || family == "local") return unix_socket(rest);
    if (family == "inet" || family == "inet6") return inet_socket(family, rest);
    return invalid("it begins with none of \"unix:\", \"inet:\" and \"inet6:\"");
}

}  // namespace mailrota::config
