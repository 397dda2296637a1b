#include <unistd.h>

#include "core/runtime/listening_socket.h"
#include "web/server.h"

namespace mailrota::web {

Result<std::vector<Listening>> listening_sockets(const config::WebSettings& settings) {
    std::vector<Listening> sockets;
    for (auto& given : runtime::sockets_from_systemd())
        sockets.push_back({"systemd:" + given.name, given.descriptor});
    if (!sockets.empty()) return sockets;
    for (const auto& address : settings.sockets) {
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
