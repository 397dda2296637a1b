#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/wire/smtp_server.h"

namespace mailrota::wire {

// An owner of the machine who accepts everybody but `refusals`, answers every recipient of a message with its
// place, and knows one password.
class SmtpServerOwner {
  public:
    explicit SmtpServerOwner(SmtpServerOptions options = {}, mail::Client peer = {})
        : options_(with_name(std::move(options))), server(options_, std::move(peer)) {
        server.greet();
    }

    // Feeds the bytes and carries out what the machine asks for; what it says to the client.
    std::string send(std::string_view bytes) {
        server.feed(bytes);
        return go_on();
    }

    std::string go_on() {
        for (bool more = true; more;)
            more = std::visit([this](auto event) { return on(std::move(event)); }, server.next());
        return server.take_output();
    }

    // Each command is sent alone; its reply's last line begins as said.
    void expect(const std::vector<std::pair<std::string, std::string>>& dialogue) {
        for (const auto& [command, reply] : dialogue) {
            const std::string said = send(command + "\r\n");
            const std::string lines = said.substr(0, said.empty() ? 0 : said.size() - 2);
            const std::string last = lines.substr(lines.rfind('\n') + 1);
            EXPECT_EQ(last.substr(0, reply.size()), reply) << command;
        }
    }

    std::map<std::string, Reply> refusals;  // by the address without brackets
    std::function<std::vector<Reply>(const MessageReceived&)> replies;
    std::vector<MessageReceived> messages;
    std::vector<std::string> offered;
    std::vector<std::string> users;
    bool closed = false;
    bool handshake_now = true;

  private:
    static SmtpServerOptions with_name(SmtpServerOptions options) {
        options.hostname = "mx.example";
        return options;
    }

    bool on(NeedInput) { return false; }
    bool on(RecipientOffered) {
        const std::string address = server.envelope().recipients.back().address.text();
        offered.push_back(address);
        const auto refusal = refusals.find(address);
        server.answer_recipient(refusal == refusals.end() ? std::nullopt : std::optional(refusal->second));
        return true;
    }
    bool on(MessageReceived message) {
        std::vector<Reply> answer;
        const bool lmtp = options_.protocol == SmtpServerOptions::Protocol::lmtp;
        for (std::size_t i = 0; i < (lmtp ? message.envelope.recipients.size() : 1); ++i)
            answer.push_back({250, "2.0.0", "done " + std::to_string(i)});
        if (replies) answer = replies(message);
        messages.push_back(std::move(message));
        server.answer_message(answer);
        return true;
    }
    bool on(StartTls) {
        if (handshake_now) server.tls_started();
        return handshake_now;
    }
    bool on(const Credentials& credentials) {
        users.push_back(credentials.user + "/" + credentials.password);
        server.answer_auth(credentials.password == "secret");
        return true;
    }
    bool on(Close) {
        closed = true;
        return false;
    }

    SmtpServerOptions options_;

  public:
    SmtpServer server;
};

inline SmtpServerOptions esmtp() {
    SmtpServerOptions options;
    options.protocol = SmtpServerOptions::Protocol::esmtp;
    return options;
}

}  // namespace mailrota::wire
