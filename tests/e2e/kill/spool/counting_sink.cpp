#include "tests/e2e/kill/spool/counting_sink.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

int listening_at(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path)
        throw std::runtime_error("path too long: " + path.native());
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(descriptor, 1000) != 0)
        throw std::runtime_error("cannot listen at " + path.native());
    return descriptor;
}

pid_t peer_of(int descriptor) {
    ucred peer{};
    socklen_t size = sizeof peer;
    getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return peer.pid;
}

/// "ann@example.com" of "RCPT TO:<ann@example.com> NOTIFY=NEVER".
std::string path_in(const std::string& line) {
    const auto start = line.find('<') + 1;
    return line.substr(start, line.find('>') - start);
}

}  // namespace

/// One client's session.
class CountingSink::Dialogue {
  public:
    Dialogue(CountingSink& sink, Connection connection, pid_t process)
        : sink_(sink), connection_(std::move(connection)), process_(process) {
        connection_.set_timeout(std::chrono::minutes(10));
    }

    void run() {
        say("220 sink.example.com");
        while (auto line = connection_.read_line()) {
            if (line->starts_with("QUIT")) return say("221 2.0.0 bye");
            answer(*line);
        }
    }

  private:
    void say(std::string_view reply) { connection_.write(std::string(reply) + "\r\n"); }

    void answer(const std::string& line) {
        if (line.starts_with("EHLO") || line.starts_with("LHLO")) return say("250-sink\r\n250 PIPELINING");
        if (line.starts_with("RCPT")) return add_recipient(path_in(line));
        if (line.starts_with("DATA")) return take_mail();
        recipients_.clear();
        say("250 2.0.0 ok");
    }

    void add_recipient(const std::string& address) {
        if (sink_.is_put_off(address)) return say("451 4.2.0 not now");
        recipients_.push_back(address);
        say("250 2.1.5 ok");
    }

    void take_mail() {
        if (recipients_.empty()) return say("503 5.5.1 nobody");
        say("354 go on");
        std::string id;
        std::string last;
        for (auto line = connection_.read_line(); line != "."; line = connection_.read_line()) {
            if (!line) return;  // broken off: not taken
            if (line->starts_with("Message-ID: ")) id = line->substr(12);
            last = *line;
        }
        // A mail of the load ends with its own Message-ID: nothing is missing.
        for (const auto& recipient : recipients_)
            if (const auto route = route_of(recipient); route && last == id)
                sink_.evidence_.arrived(
                    {{mail_number(id), *route}, recipient, process_, Moment::clock::now()});
        const auto replies = sink_.protocol_ == Protocol::lmtp ? recipients_.size() : 1;
        for (std::size_t i = 0; i < replies; ++i) say("250 2.0.0 taken");
        recipients_.clear();
    }

    CountingSink& sink_;
    Connection connection_;
    pid_t process_;
    std::vector<std::string> recipients_;
};

CountingSink::CountingSink(Protocol protocol, std::filesystem::path path, Evidence& evidence, int put_off)
    : protocol_(protocol),
      path_(std::move(path)),
      evidence_(evidence),
      put_off_(put_off),
      socket_(listening_at(path_)) {
    threads_.emplace_back([this] { accept_all(); });
}

CountingSink::~CountingSink() {
    shutdown(socket_, SHUT_RDWR);
    threads_.front().join();  // nobody adds to the others any more
    threads_.pop_front();
    for (auto& thread : threads_) thread.join();
    close(socket_);
}

std::string CountingSink::endpoint() const {
    return (protocol_ == Protocol::lmtp ? "lmtp:unix:" : "smtp:unix:") + path_.native();
}

void CountingSink::accept_all() {
    for (;;) {
        const int descriptor = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) return;
        const pid_t process = peer_of(descriptor);
        const std::scoped_lock lock(mutex_);
        clients_.insert(process);
        threads_.emplace_back([this, descriptor, process] { serve(descriptor, process); });
    }
}

void CountingSink::serve(int descriptor, pid_t process) {
    Dialogue(*this, Connection::adopt(descriptor), process).run();
    const std::scoped_lock lock(mutex_);
    clients_.erase(clients_.find(process));
}

bool CountingSink::is_put_off(const std::string& recipient) {
    if (!recipient.starts_with("later")) return false;
    const std::scoped_lock lock(mutex_);
    return ++offers_[recipient] <= put_off_;
}

bool CountingSink::serves(pid_t process) {
    const std::scoped_lock lock(mutex_);
    return clients_.contains(process);
}

void CountingSink::read_all_of(pid_t process) {
    // Connections are accepted in their order: when ours is, those of the dead have been.
    SmtpClient(Connection::to_path(path_), protocol_).quit();
    if (!wait_until([&] { return !serves(process); }, std::chrono::seconds(30)))
        throw std::runtime_error("a dead process still talks to " + path_.native());
}

}  // namespace mailrota::rig
