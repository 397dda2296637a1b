#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/kill/spool/evidence.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::rig {

/// Offers mail like an MTA's queue: the same bytes again and again, each time to those recipients only for
/// whom no positive reply came. Keeps its session as long as it lasts. One thread.
class QueueClient {
  public:
    QueueClient(SmtpClient::Protocol protocol, std::filesystem::path path, Evidence& evidence)
        : protocol_(protocol), path_(std::move(path)), evidence_(evidence) {}

    /// One mail to these routes, until it is taken. Throws std::runtime_error after two minutes.
    void send(int mail, const std::vector<Route>& routes);
    /// One offer of a mail; drops from `open` what was taken. False if it was broken off.
    bool offer(int mail, std::vector<Part>& open);

  private:
    std::vector<Offer::End> attempt(int mail, const std::vector<Part>& parts);

    SmtpClient::Protocol protocol_;
    std::filesystem::path path_;
    Evidence& evidence_;
    std::optional<SmtpClient> client_;
};

/// Several clients, each on its own thread, until end().
class QueueLoad {
  public:
    /// No more is sent while so many are on their way: a slow machine does not drown.
    static constexpr std::size_t most_on_their_way = 150;

    QueueLoad(Evidence& evidence, const std::filesystem::path& lmtp, int lmtp_sessions,
              const std::filesystem::path& smtp, int smtp_sessions);
    ~QueueLoad() { end(); }
    QueueLoad(const QueueLoad&) = delete;

    /// Lets every client finish its mail; returns how many there were.
    int end();

  private:
    void run(SmtpClient::Protocol protocol, const std::filesystem::path& path);

    Evidence& evidence_;
    std::atomic<int> mails_ = 0;
    std::atomic<bool> ending_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace mailrota::rig
