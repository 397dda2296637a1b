#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::runtime {

// Answers one command ("status", "metrics", "reload") with the text that the caller gets, or with an error
// that ask_control() returns to its caller. Called from the control server's thread.
using ControlCommand = std::function<Result<std::string>()>;

// The local control socket of a running program: a unix socket (mode 0660, in a folder of ours), one command
// line in, text out, closed. Serves on a thread of its own (Asio); a caller that is silent for 5 s or sends
// more than 4 KB is dropped; at most 32 at once. Stops and unlinks its socket at destruction.
//
// The answer's first line is "ok", the command's text follows; or it is "error: " and the error's text, with
// which the answer ends.
class ControlServer {
  public:
    // Replaces a stale socket; fails if a living process answers on it, or if something else than a socket
    // is there.
    static Result<std::unique_ptr<ControlServer>> open(
        const std::string& path, std::map<std::string, ControlCommand, std::less<>> commands);
    ~ControlServer();

  private:
    struct Server;
    explicit ControlServer(std::unique_ptr<Server> server);
    std::unique_ptr<Server> server_;
};

// Asks a running program: what follows the "ok". `unavailable` if nobody answers there; `invalid` with what
// the program said if it answered with an error. Blocks 10 s at most.
Result<std::string> ask_control(const std::string& path, std::string_view command);

}  // namespace mailrota::runtime
