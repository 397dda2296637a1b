#include "bench/milter_load.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/rig/milter_client.h"
#include "tests/rig/process.h"

namespace mailrota::bench {

namespace {

constexpr int mails_a_connection = 20;

rig::MilterMessage mail_of(const Load& load) {
    auto text = rig::MessageText::fresh("An order");
    for (int i = 0; i < 8; ++i)
        text.more.emplace_back("X-Field-" + std::to_string(i),
                               "a value of a common length, as mails have it");
    text.body.clear();
    while (text.body.size() < load.bytes)
        text.body += "Twelve chairs, a table and what else the house may need this week.\r\n";
    auto mail = rig::MilterMessage::from_text(text, {load.recipient});
    mail.body = text.body;
    return mail;
}

void run_session(const std::string& socket, const Load& load, std::atomic<int>& left) {
    auto mail = mail_of(load);
    for (int taken = left--; taken > 0;) {
        auto client = rig::MilterClient::to(socket);
        for (int i = 0; i < mails_a_connection && taken > 0; ++i, taken = left--) {
            for (auto& [name, value] : mail.headers)
                if (name == "Message-ID")
                    value = "<bench-" + std::to_string(taken) + "-" +
                            rig::MessageText::fresh().message_id.substr(1);
            const auto kind = client.send_message(mail).verdict.kind;
            if (kind != 'c' && kind != 'a')
                throw std::runtime_error(std::string("the filter answered ") + kind);
        }
        client.quit();
    }
}

}  // namespace

void load_filter(const std::string& socket, const Load& load) {
    std::atomic<int> left = load.messages;
    std::mutex mutex;
    std::exception_ptr trouble;
    std::vector<std::jthread> sessions;
    for (int i = 0; i < load.sessions; ++i)
        sessions.emplace_back([&] {
            try {
                run_session(socket, load, left);
            } catch (...) {
                std::lock_guard lock(mutex);
                trouble = std::current_exception();
            }
        });
    sessions.clear();
    if (trouble) std::rethrow_exception(trouble);
}

void load_postfix(int port, const Load& load) {
    rig::run_or_throw({"smtp-source", "-s", std::to_string(load.sessions), "-m",
                       std::to_string(load.messages), "-l", std::to_string(load.bytes), "-f",
                       "customer@example.net", "-t", load.recipient, "127.0.0.1:" + std::to_string(port)});
}

}  // namespace mailrota::bench
