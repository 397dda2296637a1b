#pragma once

#include <filesystem>
#include <thread>

namespace mailrota::rig {

/// A stand-in for /dev/log: a datagram socket whose messages a thread of its own appends to a file, one a
/// line, for programs that can log to syslog only. The thread ends with the object.
class SyslogSocket {
  public:
    /// Throws std::system_error if the socket cannot be made at `socket`.
    SyslogSocket(const std::filesystem::path& socket, std::filesystem::path file);
    ~SyslogSocket();
    SyslogSocket(const SyslogSocket&) = delete;
    SyslogSocket& operator=(const SyslogSocket&) = delete;

  private:
    void receive(const std::filesystem::path& file) const;

    int descriptor_;
    std::thread thread_;
};

}  // namespace mailrota::rig
