#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/runtime/listening_socket.h"
#include "web/server.h"

namespace mailrota::web {

namespace {

// The path that a unix socket is bound to; empty for any other.
std::string bound_path(int descriptor) {
    sockaddr_un address{};
    socklen_t length = sizeof address;
    const bool told = getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    if (!told || address.sun_family != AF_UNIX || length <= sizeof(sa_family_t)) return {};
    return std::string(address.sun_path, strnlen(address.sun_path, sizeof address.sun_path));
}

bool has(const std::vector<Listening>& sockets, const std::string& address) {
    const auto path = runtime::unix_path(address);
    return path && std::ranges::any_of(sockets, [&](const Listening& socket) {
               return bound_path(socket.descriptor) == *path;
           });
}

}  // namespace

Result<std::vector<Listening>> listening_sockets(const config::WebSettings& settings) {
    std::vector<Listening> sockets;
    for (const auto& given : runtime::sockets_from_systemd())
        sockets.push_back({"systemd:" + given.name, given.descriptor});
    for (const auto& address : settings.sockets) {
        if (has(sockets, address)) continue;
        auto descriptor = runtime::listen_on({address, settings.socket_mode, settings.socket_group});
        if (!descriptor) {
            for (const auto& socket : sockets) close(socket.descriptor);
            return tl::unexpected(descriptor.error());
        }
        sockets.push_back({address, *descriptor});
    }
    return sockets;
}

}  // namespace mailrota::web
