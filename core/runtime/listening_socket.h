#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::runtime {

// Where a program of ours listens. `address` is in the form of config::parse_socket: "unix:/path",
// "inet:port@host", "inet6:port@host".
struct SocketPlace {
    std::string address;
    std::uint32_t mode = 0660;  // of a unix socket
    std::string group{};        // of a unix socket; empty: the process's
};

// The path of a unix socket; nothing for the others.
std::optional<std::string> unix_path(const std::string& address);

// Checks the place of a unix socket, with an error that says what to do: its folder must exist; a socket that
// a process answers on is not touched, a stale one is removed. Nothing to do for inet sockets.
Result<void> prepare_socket(const SocketPlace& place);

// Gives a bound unix socket its group and mode. Nothing to do for inet sockets.
Result<void> adjust_socket(const SocketPlace& place);

// Prepares, binds and listens. The descriptor is the caller's: non-blocking, closed on exec. An inet socket
// has SO_REUSEADDR, and TCP_NODELAY, which accepted connections inherit. Only before threads start (umask).
Result<int> listen_on(const SocketPlace& place);

// A listening socket that systemd made (a .socket unit) and its FileDescriptorName=.
struct GivenSocket {
    std::string name;
    int descriptor = -1;
};
// All of them, the caller's from now on; empty the second time, and outside of a unit that has any.
std::vector<GivenSocket> sockets_from_systemd();

// While it lives, what this process creates has no more rights than `mode`. Process-wide: only before threads
// start.
class NarrowUmask {
  public:
    explicit NarrowUmask(std::uint32_t mode);
    ~NarrowUmask();
    NarrowUmask(const NarrowUmask&) = delete;

  private:
    std::uint32_t before_;
};

}  // namespace mailrota::runtime
