#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/config/config.h"
#include "tests/rig/connection.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::runtime {

// A server on a unix socket, or on a TCP port of 127.0.0.1, whose connections are each served by `serve`,
// on a thread of its own, with the connection's number from 0. Ends when every connection is served.
class ScriptedServer {
  public:
    using Serve = std::function<void(rig::Connection&, int number)>;

    enum class Over { path, port };

    explicit ScriptedServer(Serve serve, int backlog = 100, Over over = Over::path)
        : serve_(std::move(serve)),
          listening_(::socket(over == Over::path ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (!(over == Over::path ? bind_path() : bind_port()) || listen(listening_, backlog) != 0)
            throw std::runtime_error("cannot listen");
        accepting_ = std::thread([this] { accept_all(); });
    }
    ~ScriptedServer() {
        stop();
        for (std::thread& thread : threads_) thread.join();
    }
    ScriptedServer(const ScriptedServer&) = delete;

    // Accepts no more connections.
    void stop() {
        shutdown(listening_, SHUT_RDWR);
        if (accepting_.joinable()) accepting_.join();
        if (listening_ >= 0) ::close(std::exchange(listening_, -1));
    }
    std::string path() const { return folder_ / "socket"; }
    config::Endpoint endpoint(config::Endpoint::Protocol protocol = config::Endpoint::Protocol::smtp) const {
        return {protocol, {}, 0, path()};
    }
    int port() const { return port_; }
    int connections() const { return connections_; }

  private:
    bool bind_path() const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
        return bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    bool bind_port() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listening_, generic, size) != 0 || getsockname(listening_, generic, &size) != 0)
            return false;
        port_ = ntohs(address.sin_port);
        return true;
    }
    void accept_all() {
        for (int client = accept(listening_); client >= 0; client = accept(listening_)) {
            threads_.emplace_back([this, client, number = connections_++] {
                rig::Connection connection = rig::Connection::adopt(client);
                serve_(connection, number);
            });
        }
    }
    static int accept(int listening) { return ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC); }

    rig::TemporaryFolder folder_;
    Serve serve_;
    int listening_;
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::list<std::thread> threads_;
    std::thread accepting_;
};

// One after the other: a line is said, or one is read for each "<".
inline bool play(rig::Connection& connection, const std::vector<std::string>& script) {
    for (const std::string& line : script) {
        const bool goes_on =
            line == "<" ? connection.read_line().has_value() : connection.write(line + "\r\n");
        if (!goes_on) return false;
    }
    return true;
}

// Reads the data of a mail; its content without the final dot, dots not unstuffed.
inline std::string read_data(rig::Connection& connection) {
    std::string content;
    for (auto line = connection.read_line(); line && *line != "."; line = connection.read_line())
        (content += *line) += "\r\n";
    return content;
}

}  // namespace mailrota::runtime
