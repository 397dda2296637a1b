#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "tests/e2e/kill/spool/evidence.h"
#include "tests/rig/connection.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::rig {

/// An SMTP or LMTP server on a unix socket that takes every mail of the load and records it before it says
/// so, with the process that brought it. It lives longer than those who connect to it.
class CountingSink {
  public:
    using Protocol = SmtpClient::Protocol;

    /// Recipients whose name begins with "later" are put off (451) the first `put_off` times.
    CountingSink(Protocol protocol, std::filesystem::path path, Evidence& evidence, int put_off = 0);
    ~CountingSink();
    CountingSink(const CountingSink&) = delete;

    /// "lmtp:unix:/…"
    std::string endpoint() const;

    /// Until all that this process, which is dead, has sent to us was read.
    void read_all_of(pid_t process);

  private:
    class Dialogue;

    void accept_all();
    void serve(int descriptor, pid_t process);
    bool is_put_off(const std::string& recipient);
    bool serves(pid_t process);

    Protocol protocol_;
    std::filesystem::path path_;
    Evidence& evidence_;
    int put_off_;
    int socket_;
    std::mutex mutex_;
    std::multiset<pid_t> clients_;
    std::map<std::string, int> offers_;
    std::list<std::thread> threads_;  ///< the last one accepts
};

}  // namespace mailrota::rig
