#include "core/config/endpoint.h"

#include <fmt/format.h>

#include "core/config/socket_address.h"

namespace mailrota::config {

namespace {

// "host:port" with a host in brackets if it is an IPv6 address.
Result<void> read_host_and_port(std::string_view text, Endpoint& endpoint) {
    const bool bracketed = text.starts_with('[');
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon + 1 < text.rfind(']') + 1)
        return invalid("the port is missing: no port is taken for granted");
    const auto host = text.substr(0, colon);
    if (!bracketed && host.find(':') != std::string_view::npos)
        return invalid("an IPv6 address stands in brackets");
    const auto socket = parse_socket(fmt::format("inet:{}", text));
    if (!socket) return tl::unexpected(socket.error());
    const auto at = socket->find('@');
    constexpr std::string_view family = "inet:";
    endpoint.port = static_cast<std::uint16_t>(std::stoul(socket->substr(family.size(), at - family.size())));
    endpoint.host = socket->substr(at + 1);
    return {};
}

}  // namespace

std::string Endpoint::to_string() const {
    const std::string_view word = protocol == Protocol::smtp ? "smtp" : "lmtp";
    if (!path.empty()) return fmt::format("{}:unix:{}", word, path);
    const bool version_6 = host.find(':') != std::string::npos;
    return fmt::format("{}:{}:{}", word, version_6 ? "[" + host + "]" : host, port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
    Endpoint endpoint;
    if (text.starts_with("lmtp:")) {
        endpoint.protocol = Endpoint::Protocol::lmtp;
    } else if (!text.starts_with("smtp:")) {
        return invalid("it begins with neither \"lmtp:\" nor \"smtp:\"");
    }
    text.remove_prefix(5);
    if (text.starts_with("unix:")) {
        const auto socket = parse_socket(text);
        if (!socket) return tl::unexpected(socket.error());
        endpoint.path = socket->substr(5);
        return endpoint;
    }
    if (text.starts_with("inet:")) text.remove_prefix(5);
    if (auto read = read_host_and_port(text, endpoint); !read) return tl::unexpected(read.error());
    return endpoint;
}

}  // namespace mailrota::config
