#include "core/runtime/listening_socket.h"

#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace mailrota::runtime {
namespace {

std::string because(const std::string& what, int error) {
    return what + ": " + std::generic_category().message(error);
}

Result<sockaddr_un> unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return invalid(because(path, ENAMETOOLONG));
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

// 0 if somebody accepted, else the error.
int try_connect(const std::string& path) {
    const auto address = unix_address(path);
    if (!address) return ENAMETOOLONG;
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    const int result = connect(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
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

// A socket that is closed again unless it is handed on.
class Descriptor {
  public:
    explicit Descriptor(int family) : fd_(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;

    bool bind_to(const sockaddr* address, socklen_t length) const { return bind(fd_, address, length) == 0; }
    bool listen_now() const { return listen(fd_, SOMAXCONN) == 0; }
    bool set(int level, int name) const {
        const int on = 1;
        return setsockopt(fd_, level, name, &on, sizeof on) == 0;
    }
    bool good() const { return fd_ >= 0; }
    int hand_on() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

// Nobody can connect before listen(): group and mode are right by then.
Result<int> listen_on_path(const SocketPlace& place, const std::string& path) {
    const auto address = unix_address(path);
    if (!address) return tl::unexpected(address.error());
    if (auto prepared = prepare_socket(place); !prepared) return tl::unexpected(prepared.error());
    Descriptor socket(AF_UNIX);
    {
        const NarrowUmask narrow(place.mode);
        if (!socket.good() || !socket.bind_to(reinterpret_cast<const sockaddr*>(&*address), sizeof *address))
            return unavailable(because("cannot bind " + place.address, errno));
    }
    if (auto adjusted = adjust_socket(place); !adjusted) return tl::unexpected(adjusted.error());
    if (!socket.listen_now()) return unavailable(because("cannot listen on " + place.address, errno));
    return socket.hand_on();
}

// "inet:port@host" taken apart: the port and the host, which may be missing.
struct InetPlace {
    int family = AF_INET;
    std::string port, host;
};
InetPlace inet_place(const std::string& address) {
    InetPlace place;
    const auto colon = address.find(':');
    const auto at = address.find('@');
    if (address.starts_with("inet6:")) place.family = AF_INET6;
    place.port = address.substr(colon + 1, at == std::string::npos ? at : at - colon - 1);
    if (at != std::string::npos) place.host = address.substr(at + 1);
    return place;
}

Result<int> listen_on_inet(const SocketPlace& place) {
    const InetPlace wanted = inet_place(place.address);
    addrinfo hints{};
    hints.ai_family = wanted.family;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int failure =
        getaddrinfo(wanted.host.empty() ? nullptr : wanted.host.c_str(), wanted.port.c_str(), &hints, &found);
    if (failure != 0) return invalid(place.address + ": " + gai_strerror(failure));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
    Descriptor socket(found->ai_family);
    const bool bound = socket.good() && socket.set(SOL_SOCKET, SO_REUSEADDR) &&
                       socket.set(IPPROTO_TCP, TCP_NODELAY) &&
                       socket.bind_to(found->ai_addr, found->ai_addrlen) && socket.listen_now();
    if (!bound) return unavailable(because("cannot listen on " + place.address, errno));
    return socket.hand_on();
}

}  // namespace

std::optional<std::string> unix_path(const std::string& address) {
    for (const std::string_view scheme : {"unix:", "local:"})
        if (address.starts_with(scheme)) return address.substr(scheme.size());
    if (address.starts_with('/')) return address;
    return std::nullopt;
}

Result<void> prepare_socket(const SocketPlace& place) {
    const auto path = unix_path(place.address);
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

Result<void> adjust_socket(const SocketPlace& place) {
    const auto path = unix_path(place.address);
    if (!path) return {};
    if (auto grouped = set_group(*path, place.group); !grouped) return grouped;
    if (chmod(path->c_str(), static_cast<mode_t>(place.mode)) != 0)
        return unavailable(because("cannot set the mode of " + *path, errno));
    return {};
}

Result<int> listen_on(const SocketPlace& place) {
    const auto path = unix_path(place.address);
    return path ? listen_on_path(place, *path) : listen_on_inet(place);
}

std::vector<GivenSocket> sockets_from_systemd() {
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(1, &names);
    std::vector<GivenSocket> given;
    for (int i = 0; i < count; ++i) {
        const int descriptor = SD_LISTEN_FDS_START + i;
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        fcntl(descriptor, F_SETFL, O_NONBLOCK);
        given.push_back({names[i], descriptor});
        std::free(names[i]);
    }
    std::free(names);
    return given;
}

NarrowUmask::NarrowUmask(std::uint32_t mode) : before_(umask(static_cast<mode_t>(0777U & ~mode))) {}
NarrowUmask::~NarrowUmask() { umask(static_cast<mode_t>(before_)); }

}  // namespace mailrota::runtime
