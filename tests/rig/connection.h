#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mailrota::rig {

/// A blocking stream socket with a read buffer and a time limit on every wait. One owner, not thread-safe.
///
/// Any failure of the system, and silence of the peer longer than the limit, is a std::runtime_error; that
/// the peer has closed the connection is an answer (an empty optional), since tests ask for it.
class Connection {
  public:
    /// To 127.0.0.1.
    static Connection to_port(int port);
    static Connection to_path(const std::filesystem::path& path);
    /// "unix:/path", "local:/path", "inet:port@host" or "inet:host:port" as MTAs and libmilter write it; the
    /// host must be an IPv4 address or "localhost".
    static Connection to(std::string_view address);
    /// Takes over a connected socket, such as one end of a socketpair.
    static Connection adopt(int descriptor);

    ~Connection();
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;

    /// The limit on each wait from now on; 30 seconds at first.
    void set_timeout(std::chrono::milliseconds limit) { timeout_ = limit; }

    /// Blocks until all bytes are with the kernel. False when the peer has gone.
    bool write(std::string_view bytes);

    /// Exactly `count` bytes; nothing if the peer closed before that.
    std::optional<std::string> read(std::size_t count);

    /// Up to and without the next LF, and without a CR before it; nothing if the peer closed before that.
    std::optional<std::string> read_line();

    /// Waits until the peer closes. Bytes that come before are dropped. False when it did not within the
    /// limit.
    bool wait_for_close(std::chrono::milliseconds limit = std::chrono::seconds(10));

    /// From now on TLS is spoken over it, as a server does, with a certificate and its key (PEM). False when
    /// the peer did not go along. What was read from the peer before is lost. The process ignores SIGPIPE
    /// from then on.
    bool accept_tls(const std::filesystem::path& certificate, const std::filesystem::path& key);

    /// Tells the peer that no more bytes come; reading goes on.
    void finish_writing() const;
    void close();
    /// As close(), but the peer's next read fails (RST).
    void reset();
    bool open() const { return descriptor_ >= 0; }

  private:
    explicit Connection(int descriptor) : descriptor_(descriptor) {}
    bool fill();
    long receive(char* bytes, std::size_t size);
    long send_some(std::string_view bytes);

    int descriptor_;
    std::shared_ptr<void> tls_;  ///< an SSL; null: none is spoken
    std::chrono::milliseconds timeout_{30'000};
    std::string buffer_;
    std::size_t used_ = 0;  ///< bytes of buffer_ that are read already
};

/// Whether a server accepts connections at this address (as Connection::to reads it) now. It closes at once.
bool accepts(std::string_view address);

}  // namespace mailrota::rig
