#include "tests/rig/syslog_socket.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace mailrota::rig {

SyslogSocket::SyslogSocket(const std::filesystem::path& socket, std::filesystem::path file)
    : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        close(descriptor_);
        throw std::system_error(error, std::generic_category(), "cannot bind " + socket.string());
    }
    std::filesystem::permissions(socket, static_cast<std::filesystem::perms>(0666));
    thread_ = std::thread([this, path = std::move(file)] { receive(path); });
}

/// shutdown() wakes the thread, which then reads 0 bytes.
SyslogSocket::~SyslogSocket() {
    shutdown(descriptor_, SHUT_RDWR);
    thread_.join();
    close(descriptor_);
}

void SyslogSocket::receive(const std::filesystem::path& file) const {
    std::ofstream out(file, std::ios::app);
    std::array<char, 65536> line;
    for (;;) {
        const auto size = recv(descriptor_, line.data(), line.size(), 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return;
        out.write(line.data(), size);
        out << '\n' << std::flush;
    }
}

}  // namespace mailrota::rig
