#include "tests/e2e/mta/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <system_error>
#include <utility>
#include <vector>

namespace mailrota::e2e {

namespace {

int checked(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

int connect_to_path(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const int descriptor = checked(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return descriptor;
    close(descriptor);
    return -1;
}

}  // namespace

struct CuttingProxy::Pair {
    Pair(int client_end, int server_end) : client(client_end), server(server_end) {}
    ~Pair() {
        close(client);
        close(server);
    }
    Pair(const Pair&) = delete;

    int client;
    int server;
    std::string line;      // of the server, not whole yet
    bool in_data = false;  // after 354
    int replies = 0;       // since then
};

CuttingProxy::CuttingProxy(std::string server) : server_(std::move(server)) {
    listening_ = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    checked(bind(listening_, reinterpret_cast<sockaddr*>(&address), size), "bind");
    checked(listen(listening_, 100), "listen");
    checked(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy() {
    ending_ = true;
    thread_.join();
    close(listening_);
}

void CuttingProxy::run() {
    std::list<Pair> pairs;
    while (!ending_) {
        std::vector<pollfd> waiting = {{listening_, POLLIN, 0}};
        for (const Pair& pair : pairs) {
            waiting.push_back({pair.client, POLLIN, 0});
            waiting.push_back({pair.server, POLLIN, 0});
        }
        if (poll(waiting.data(), waiting.size(), 50) <= 0) continue;
        std::size_t at = 1;
        for (auto pair = pairs.begin(); pair != pairs.end(); at += 2) {
            bool going_on = true;
            if (waiting[at].revents != 0) going_on = pass_on(*pair, true);
            if (going_on && waiting[at + 1].revents != 0) going_on = pass_on(*pair, false);
            pair = going_on ? std::next(pair) : pairs.erase(pair);
        }
        if (waiting[0].revents == 0) continue;
        const int client = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = connect_to_path(server_);
        if (server >= 0)
            pairs.emplace_back(client, server);
        else
            close(client);
    }
}

bool CuttingProxy::pass_on(Pair& pair, bool from_client) {
    std::array<char, 16384> buffer{};
    const auto count = read(from_client ? pair.client : pair.server, buffer.data(), buffer.size());
    if (count <= 0) return false;
    std::string bytes(buffer.data(), static_cast<std::size_t>(count));
    const int cuts_before = cuts_;
    if (!from_client) bytes = let_through(pair, bytes);
    const int to = from_client ? pair.server : pair.client;
    const bool sent = bytes.empty() || send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                                           static_cast<ssize_t>(bytes.size());
    return sent && cuts_ == cuts_before;
}

std::string CuttingProxy::let_through(Pair& pair, const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        pair.line += bytes[at];
        if (bytes[at] != '\n') continue;
        const std::string line = std::exchange(pair.line, {});
        if (pair.in_data && replies_ >= 0 && line.size() > 3 && line[3] == ' ' && ++pair.replies > replies_) {
            replies_ = -1;
            ++cuts_;
            return bytes.substr(0, at + 1 - std::min(line.size(), at + 1));
        }
        if (line.starts_with("354")) {
            pair.in_data = true;
            pair.replies = 0;
        }
    }
    return bytes;
}

}  // namespace mailrota::e2e
