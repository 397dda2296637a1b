#include "milter/listening_socket.h"

#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace mailrota::milter {

namespace {

std::optional<std::string> unix_path(const std::string& socket) {
    for (const std::string_view scheme : {"unix:", "local:"})
        if (socket.starts_with(scheme)) return socket.substr(scheme.size());
    if (socket.starts_with('/')) return socket;
    return std::nullopt;
}

std::string because(const std::string& what, int error) {
    return what + ": " + std::generic_category().message(error);
}

// 0 if somebody accepted, else the error.
int try_connect(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return ENAMETOOLONG;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    const int result = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int error = result == 0 ? 0 : errno;
    close(fd);
    return error;
}

Result<void> clear_place(const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0)
        return errno == ENOENT ? Result<void>() : unavailable(because(path, errno));
    if (!S_ISSOCK(status.st_mode)) return invalid(path + " exists and is no socket");
    const int error = try_connect(path);
    if (error == 0 || error == EAGAIN)
        return unavailable("another process answers on " + path + ": stop it first");
    if (error != ECONNREFUSED) return unavailable(because(path, error));
    if (unlink(path.c_str()) != 0) return unavailable(because("cannot remove the stale " + path, errno));
    return {};
}

Result<void> set_group(const std::string& path, const std::string& group) {
    if (group.empty()) return {};
    std::vector<char> buffer(1U << 16U);
    struct ::group entry {};
    struct ::group* found = nullptr;
    getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found == nullptr) return invalid("socket_group: there is no group " + group);
    if (chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) != 0)
        return unavailable(because("cannot give " + path + " to the group " + group, errno));
    return {};
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
    const auto path = unix_path(settings.socket);
    if (!path) return {};
    const auto folder = std::filesystem::path(*path).parent_path();
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        return invalid("the folder " + folder.string() + " of the socket does not exist: create it for the " +
                       "user of mailrota and the group of the mail system, mode 0750");
    if (access(folder.c_str(), W_OK | X_OK) != 0)
        return invalid(
            because("the folder " + folder.string() + " of the socket cannot be written to", errno));
    return clear_place(*path);
}

Result<void> adjust_socket(const config::ListenerSettings& settings) {
    const auto path = unix_path(settings.socket);
    if (!path) return set_nodelay_on_listeners();
    if (auto grouped = set_group(*path, settings.socket_group); !grouped) return grouped;
    if (chmod(path->c_str(), static_cast<mode_t>(settings.socket_mode)) != 0)
        return unavailable(because("cannot set the mode of " + *path, errno));
    return {};
}

NarrowUmask::NarrowUmask(std::uint32_t mode) : before_(umask(static_cast<mode_t>(0777U & ~mode))) {}
NarrowUmask::~NarrowUmask() { umask(static_cast<mode_t>(before_)); }

// inet:port@host there, inet:host:port here; a path below the queue directory is written relative to it,
// which is right with and without chroot.
std::string for_postfix(const std::string& socket) {
    constexpr std::string_view queue = "/var/spool/postfix/";
    const auto at = socket.find('@');
    const auto colon = socket.find(':');
    if (const auto path = unix_path(socket))
        return "unix:" + (path->starts_with(queue) ? path->substr(queue.size()) : *path);
    if (at == std::string::npos || colon == std::string::npos) return socket;
    auto host = socket.substr(at + 1);
    if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
    return "inet:" + host + socket.substr(colon, at - colon);
}

std::string for_sendmail(const std::string& socket) {
    const auto path = unix_path(socket);
    return path ? "local:" + *path : socket;
}

}  // namespace mailrota::milter
