#include "bench/lmtp_load.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "bench/figures.h"
#include "tests/rig/message_text.h"
#include "tests/rig/process.h"

namespace mailrota::bench {

namespace {

constexpr const char* sender = "customer@example.net";
constexpr const char* recipient = "orders@bench.test";

rig::SmtpClient client_at(const std::string& address) {
    rig::SmtpClient client(rig::Connection::to(address), rig::SmtpClient::Protocol::lmtp);
    client.hello("client.bench.test");
    return client;
}

// Exactly so many bytes, like no other mail, without a line that begins with a dot.
std::string content_of(std::size_t bytes) {
    std::string text = std::string("From: ") + sender +
                       "\r\nSubject: Chairs\r\nMessage-ID: " + rig::MessageText::fresh().message_id +
                       "\r\n\r\n";
    constexpr std::string_view line = "Twelve chairs, a table and what else the house may need.\r\n";
    while (text.size() + line.size() <= bytes) text += line;
    const std::size_t left = bytes - std::min(bytes, text.size());
    return left < 2 ? text : text + std::string(left - 2, 'x') + "\r\n";
}

}  // namespace

void load_lmtp(const std::string& address, const MailLoad& load) {
    std::vector<std::string> argv = {"smtp-source", "-L",
                                     "-s",          std::to_string(load.sessions),
                                     "-m",          std::to_string(load.messages),
                                     "-l",          std::to_string(load.bytes),
                                     "-f",          sender,
                                     "-t",          recipient,
                                     address};
    if (load.reuse) argv.insert(argv.begin() + 1, "-d");
    rig::run_or_throw(argv);
}

bool takes_mail(const std::string& address) {
    auto client = client_at(address);
    return client.send_mail(sender, {std::string(warm_up_recipient)}, content_of(200)).accepted();
}

WaitingClients::WaitingClients(const std::string& address, int count, std::size_t bytes, bool whole) {
    for (int i = 0; i < count; ++i) {
        auto& client = clients_.emplace_back(client_at(address));
        for (const std::string& line : {std::string("MAIL FROM:<") + sender + ">",
                                        std::string("RCPT TO:<") + recipient + ">", std::string("DATA")})
            if (const auto reply = client.command(line); !reply.positive())
                throw std::runtime_error(line + ": " + reply.text);
        client.send_raw(content_of(bytes) + (whole ? ".\r\n" : ""));
    }
}

double settled_bytes(pid_t pid) {
    constexpr int looks_the_same = 10, most_looks = 400;
    double bytes = resident_bytes(pid);
    for (int looks = 0, same = 0; looks < most_looks && same < looks_the_same; ++looks) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const double now = resident_bytes(pid);
        same = now == bytes ? same + 1 : 0;
        bytes = now;
    }
    return bytes;
}

}  // namespace mailrota::bench
