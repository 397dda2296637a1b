#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace mailrota::e2e {

/// Stands between an LMTP client and its server, on a free port of loopback, and passes all bytes on, until
/// it is told to cut: then of the replies that follow the next mail's data the client gets `replies` alone,
/// and both connections end. After that it passes everything on again.
///
/// Runs in a thread of its own; cut_after() and cuts() are thread-safe.
class CuttingProxy {
  public:
    /// `server`: the path of the server's unix socket, which need not be there yet.
    explicit CuttingProxy(std::string server);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;

    int port() const { return port_; }
    void cut_after(int replies) { replies_ = replies; }
    /// How often it has cut.
    int cuts() const { return cuts_; }

  private:
    struct Pair;

    void run();
    /// False: the pair is over.
    bool pass_on(Pair& pair, bool from_client);
    /// What of the server's bytes the client may have; cuts the pair when that is all.
    std::string let_through(Pair& pair, const std::string& bytes);

    std::string server_;
    int port_ = 0;
    int listening_ = -1;
    std::atomic<int> replies_ = -1;  ///< negative: none is to be cut
    std::atomic<int> cuts_ = 0;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace mailrota::e2e
