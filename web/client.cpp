#include "web/client.h"

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>

namespace mailrota::web {

namespace {

constexpr std::size_t longest_address = 64;

// "[2001:db8::1]:4711" and "192.0.2.1:4711" without brackets and port.
std::string without_port(std::string_view text) {
    if (text.starts_with('[')) return std::string(text.substr(1, text.find(']') - 1));
    if (std::ranges::count(text, ':') == 1 && text.find('.') != std::string_view::npos)
        text = text.substr(0, text.find(':'));
    return std::string(text);
}

bool holds(const std::vector<policy::Network>& networks, std::string_view address) {
    return std::ranges::any_of(networks, [&](const auto& network) { return network.holds(address); });
}

// nginx writes "unix:" for a client of its own unix socket.
bool is_hop(const std::string& address, const std::vector<policy::Network>& trusted_proxies) {
    return address == "unix:" || holds(trusted_proxies, address);
}

}  // namespace

bool Client::in(const std::vector<policy::Network>& networks) const {
    return address.empty() || holds(networks, address);
}

Client believed_client(const Client& peer, std::string_view forwarded,
                       const std::vector<policy::Network>& trusted_proxies) {
    if (!peer.in(trusted_proxies)) return peer;
    Client client = peer;
    while (!forwarded.empty()) {
        const auto comma = forwarded.rfind(',');
        const auto last = forwarded.substr(comma == std::string_view::npos ? 0 : comma + 1);
        forwarded = forwarded.substr(0, comma == std::string_view::npos ? 0 : comma);
        const auto entry = boost::algorithm::trim_copy(std::string(last.substr(0, longest_address)));
        if (entry.empty()) continue;
        client.address = without_port(entry);
        if (client.address.empty()) client.address = entry;  // "[]": an address, if none that is known
        if (!is_hop(client.address, trusted_proxies)) break;
    }
    return client;
}

}  // namespace mailrota::web
