#include "milter/listening_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "core/runtime/listening_socket.h"

namespace mailrota::milter {

namespace {

std::string because(const std::string& what, int error) {
    return what + ": " + std::generic_category().message(error);
}

runtime::SocketPlace place_of(const config::ListenerSettings& settings) {
    return {settings.socket, settings.socket_mode, settings.socket_group};
}

int option(int fd, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

// libmilter does not tell its descriptor.
Result<void> set_nodelay_on_listeners() {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
        const auto name = entry.path().filename().string();
        int fd = -1;
        std::from_chars(name.data(), name.data() + name.size(), fd);
        const int domain = option(fd, SO_DOMAIN);
        if (option(fd, SO_ACCEPTCONN) != 1 || (domain != AF_INET && domain != AF_INET6)) continue;
        const int on = 1;
        if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
            return unavailable(because("TCP_NODELAY", errno));
    }
    return {};
}

}  // namespace

Result<void> prepare_socket(const config::ListenerSettings& settings) {
    return runtime::prepare_socket(place_of(settings));
}

Result<void> adjust_socket(const config::ListenerSettings& settings) {
    if (!runtime::unix_path(settings.socket)) return set_nodelay_on_listeners();
    return runtime::adjust_socket(place_of(settings));
}

// inet:port@host there, inet:host:port here; a path below the queue directory is written relative to it,
// which is right with and without chroot.
std::string for_postfix(const std::string& socket) {
    constexpr std::string_view queue = "/var/spool/postfix/";
    const auto at = socket.find('@');
    const auto colon = socket.find(':');
    if (const auto path = runtime::unix_path(socket))
        return "unix:" + (path->starts_with(queue) ? path->substr(queue.size()) : *path);
    if (at == std::string::npos || colon == std::string::npos) return socket;
    auto host = socket.substr(at + 1);
    if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
    return "inet:" + host + socket.substr(colon, at - colon);
}

std::string for_sendmail(const std::string& socket) {
    const auto path = runtime::unix_path(socket);
    return path ? "local:" + *path : socket;
}

}  // namespace mailrota::milter
