#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/connections.h"

namespace mailrota::runtime {

// Connections with the loop that they run on.
struct Sending {
    explicit Sending(ConnectionLimits limits = {}) : connections(context.get_executor(), "me.test", limits) {}

    // Begins; the result is there after run().
    std::shared_ptr<Sent> begin(const config::Endpoint& endpoint, wire::OutgoingMail mail,
                                std::chrono::seconds within = std::chrono::seconds(10)) {
        auto sent = std::make_shared<Sent>();
        ++under_way;
        boost::asio::co_spawn(context, connections.send(endpoint, std::move(mail), within),
                              [this, sent](const std::exception_ptr& failure, Sent result) {
                                  if (failure) std::rethrow_exception(failure);
                                  *sent = std::move(result);
                                  --under_way;
                              });
        return sent;
    }
    void run() {
        context.restart();
        while (under_way > 0) context.run_one();
    }
    Sent send(const config::Endpoint& endpoint, wire::OutgoingMail mail,
              std::chrono::seconds within = std::chrono::seconds(10)) {
        const auto sent = begin(endpoint, std::move(mail), within);
        run();
        return *sent;
    }
    void close() {
        ++under_way;
        boost::asio::co_spawn(context, connections.close(),
                              [this](const std::exception_ptr&) { --under_way; });
        run();
    }

    boost::asio::io_context context{1};
    Connections connections;
    int under_way = 0;
};

inline wire::OutgoingMail mail_to(const std::vector<std::string>& recipients,
                                  std::string_view content = "Subject: x\r\n\r\nbody\r\n") {
    wire::OutgoingMail mail;
    mail.sender = "s@example.com";
    for (const std::string& address : recipients) mail.recipients.push_back({address, {}});
    mail.content = {content};
    return mail;
}

// "done 250 2.0.0 ok", "uncertain 451 4.4.2 gone".
inline std::vector<std::string> texts(const Sent& sent) {
    std::vector<std::string> all;
    for (const wire::SmtpResult& result : sent.results) {
        static const char* const names[] = {"done", "deferred", "failed", "uncertain"};
        all.push_back(std::string(names[static_cast<int>(result.outcome)]) + ' ' +
                      wire::to_line(result.reply));
    }
    return all;
}

}  // namespace mailrota::runtime
