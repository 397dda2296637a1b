#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/network.h"

namespace mailrota::web {

// Who is at the other end of a connection: an address, or somebody on this host by a unix socket.
struct Client {
    std::string address;  // IPv4 or IPv6; of a forwarded request what the proxy wrote; empty: a unix socket

    // Whether it may come in where only these networks may. A unix socket always may.
    bool in(const std::vector<policy::Network>& networks) const;
    std::string shown() const { return address.empty() ? "unix" : address; }
};

// The client as it is believed. `forwarded` is X-Forwarded-For, all fields joined by commas. It counts only
// if the peer is a unix socket or one of the trusted proxies; then the client is the rightmost address that
// is no trusted proxy itself, since everything left of it may be invented. Pure.
Client believed_client(const Client& peer, std::string_view forwarded,
                       const std::vector<policy::Network>& trusted_proxies);

}  // namespace mailrota::web
