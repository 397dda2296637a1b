#include "core/runtime/control.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <thread>

#include "core/runtime/control_session.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::local::stream_protocol;
using Commands = std::map<std::string, ControlCommand, std::less<>>;

constexpr int most_callers = 32;
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

std::string known(const Commands& commands) {
    std::string names;
    for (const auto& [name, command] : commands) names += (names.empty() ? "" : ", ") + name;
    return names;
}

// A command must not end the program, whatever it throws.
Result<std::string> run(const Commands& commands, const std::string& line) {
    const auto command = commands.find(line);
    if (command == commands.end()) return invalid("unknown command; known are: " + known(commands));
    try {
        return command->second();
    } catch (const std::exception& failure) {
        return invalid(failure.what());
    }
}

std::string answer(const Commands& commands, const std::string& line) {
    const Result<std::string> result = run(commands, line);
    return result ? "ok\n" + *result : "error: " + result.error().text + '\n';
}

tl::unexpected<Error> failed(const std::string& path, const std::string& why) {
    return unavailable(fmt::format("control socket {}: {}", path, why));
}

bool living(const std::string& path) {
    asio::io_context context;
    Protocol::socket socket(context);
    error_code failure;
    socket.connect(Protocol::endpoint(path), failure);
    return failure != asio::error::connection_refused;
}

// Makes the place free, if nobody lives there.
Result<void> clear(const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return {};
        return failed(path, std::strerror(errno));
    }
    if (!S_ISSOCK(status.st_mode)) return failed(path, "something else than a socket is there");
    if (living(path)) return failed(path, "another process answers on it");
    if (unlink(path.c_str()) != 0) return failed(path, std::strerror(errno));
    return {};
}

}  // namespace

struct ControlServer::Server {
    std::string path;
    Commands commands;
    ino_t inode = 0;
    int callers = 0;
    asio::io_context context{1};
    Protocol::acceptor acceptor{context};
    asio::steady_timer pause{context};
    std::thread thread;

    // The mode is set before anybody can connect: that takes listen().
    error_code listen() {
        error_code failure;
        acceptor.open(Protocol(), failure);
        if (!failure) acceptor.bind(Protocol::endpoint(path), failure);
        if (failure) return failure;
        struct stat status {};
        if (chmod(path.c_str(), 0660) != 0 || stat(path.c_str(), &status) != 0) {
            return {errno, boost::system::system_category()};
        }
        inode = status.st_ino;
        acceptor.listen(Protocol::acceptor::max_listen_connections, failure);
        return failure;
    }

    void accept() {
        acceptor.async_accept([this](error_code failure, Protocol::socket socket) {
            if (failure) return accept_later();
            if (callers < most_callers) serve(std::move(socket));
            accept();
        });
    }

    // No file descriptor is left, or the like: trying at once would only spin.
    void accept_later() {
        pause.expires_after(std::chrono::seconds(1));
        pause.async_wait([this](error_code) { accept(); });
    }

    void serve(Protocol::socket socket) {
        ++callers;
        std::make_shared<ControlSession>(
            std::move(socket), [this](const std::string& line) { return answer(commands, line); },
            [this] { --callers; })
            ->start();
    }

    // Not the socket of somebody who took our place.
    void remove_socket() const {
        struct stat status {};
        if (inode != 0 && lstat(path.c_str(), &status) == 0 && status.st_ino == inode) unlink(path.c_str());
    }

    ~Server() {
        context.stop();
        if (thread.joinable()) thread.join();
        remove_socket();
    }
};

ControlServer::ControlServer(std::unique_ptr<Server> server) : server_(std::move(server)) {}
ControlServer::~ControlServer() = default;

Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::string& path, Commands commands) {
    if (path.size() > longest_path) return failed(path, fmt::format("longer than {} bytes", longest_path));
    if (auto cleared = clear(path); !cleared) return tl::unexpected(cleared.error());
    auto server = std::make_unique<Server>();
    server->path = path;
    server->commands = std::move(commands);
    if (const error_code failure = server->listen()) return failed(path, failure.message());
    server->accept();
    server->thread = std::thread([context = &server->context] { context->run(); });
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(server)));
}

}  // namespace mailrota::runtime
