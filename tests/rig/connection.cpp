#include "tests/rig/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace mailrota::rig {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int connected(int family, const sockaddr* address, socklen_t size, const std::string& name) {
    const int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) fail("socket");
    if (connect(descriptor, address, size) == 0) return descriptor;
    const int error = errno;
    close(descriptor);
    errno = error;
    fail("cannot connect to " + name);
}

int connected_tcp(const std::string& host, const std::string& port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(std::stoi(port)));
    const std::string number = host == "localhost" ? "127.0.0.1" : host;
    if (inet_pton(AF_INET, number.c_str(), &address.sin_addr) != 1)
        throw std::runtime_error("not an IPv4 address: " + host);
    return connected(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address, host + ":" + port);
}

}  // namespace

Connection Connection::to_port(int port) {
    return Connection(connected_tcp("127.0.0.1", std::to_string(port)));
}

Connection Connection::to_path(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path)
        throw std::runtime_error("path too long: " + path.native());
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return Connection(
        connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address, path.native()));
}

Connection Connection::to(std::string_view address) {
    const auto colon = address.find(':');
    const std::string kind(address.substr(0, colon));
    const std::string rest(colon == std::string_view::npos ? "" : address.substr(colon + 1));
    if (kind == "unix" || kind == "local") return to_path(rest);
    const auto split = rest.find_first_of("@:");
    if (kind != "inet" || split == std::string::npos)
        throw std::runtime_error("not a socket address: " + std::string(address));
    const std::string left = rest.substr(0, split);
    const std::string right = rest.substr(split + 1);
    return Connection(rest[split] == '@' ? connected_tcp(right, left) : connected_tcp(left, right));
}

Connection Connection::adopt(int descriptor) { return Connection(descriptor); }

Connection::~Connection() { close(); }

Connection::Connection(Connection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      tls_(std::move(other.tls_)),
      timeout_(other.timeout_),
      buffer_(std::move(other.buffer_)),
      used_(other.used_) {}

Connection& Connection::operator=(Connection&& other) noexcept {
    if (this == &other) return *this;
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    tls_ = std::move(other.tls_);
    timeout_ = other.timeout_;
    buffer_ = std::move(other.buffer_);
    used_ = other.used_;
    return *this;
}

bool Connection::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = send_some(bytes);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

long Connection::send_some(std::string_view bytes) {
    if (!tls_) return send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return SSL_write(static_cast<SSL*>(tls_.get()), bytes.data(), static_cast<int>(bytes.size()));
}

long Connection::receive(char* bytes, std::size_t size) {
    if (!tls_) return recv(descriptor_, bytes, size, 0);
    return SSL_read(static_cast<SSL*>(tls_.get()), bytes, static_cast<int>(size));
}

bool Connection::accept_tls(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    buffer_.clear();
    used_ = 0;
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_server_method()),
                                                               SSL_CTX_free);
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("no certificate or key: " + certificate.native());
    tls_ = std::shared_ptr<SSL>(SSL_new(context.get()), SSL_free);
    auto* tls = static_cast<SSL*>(tls_.get());
    SSL_set_fd(tls, descriptor_);
    return SSL_accept(tls) == 1;
}

/// Adds what the peer has sent to the buffer; false at the end of the stream.
bool Connection::fill() {
    if (!open()) return false;
    buffer_.erase(0, std::exchange(used_, 0));
    pollfd wanted{descriptor_, POLLIN, 0};
    const bool waiting = !tls_ || SSL_pending(static_cast<SSL*>(tls_.get())) == 0;
    const int ready = waiting ? poll(&wanted, 1, static_cast<int>(timeout_.count())) : 1;
    if (ready == 0) throw std::runtime_error("the peer is silent; so far it sent: " + buffer_);
    std::array<char, 65536> chunk;
    const auto got = receive(chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) return fill();
    if (got <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<std::string> Connection::read(std::size_t count) {
    while (buffer_.size() - used_ < count)
        if (!fill()) return {};
    const std::size_t start = std::exchange(used_, used_ + count);
    return buffer_.substr(start, count);
}

std::optional<std::string> Connection::read_line() {
    std::size_t end = 0;
    while ((end = buffer_.find('\n', used_)) == std::string::npos)
        if (!fill()) return {};
    const std::size_t start = std::exchange(used_, end + 1);
    const bool carriage_return = end > start && buffer_[end - 1] == '\r';
    return buffer_.substr(start, end - start - (carriage_return ? 1 : 0));
}

bool Connection::wait_for_close(std::chrono::milliseconds limit) {
    const auto before = std::exchange(timeout_, limit);
    bool closed = true;
    try {
        while (fill()) buffer_.clear();
    } catch (const std::runtime_error&) {
        closed = false;
    }
    timeout_ = before;
    return closed;
}

void Connection::finish_writing() const { shutdown(descriptor_, SHUT_WR); }

void Connection::reset() {
    const linger at_once{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void Connection::close() {
    if (tls_ && open()) SSL_shutdown(static_cast<SSL*>(tls_.get()));
    if (open()) ::close(std::exchange(descriptor_, -1));
}

bool accepts(std::string_view address) {
    try {
        Connection::to(address);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

}  // namespace mailrota::rig
