#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/smtp_client.h"

namespace mailrota::wire {

constexpr std::string_view full_hello =
    "250-next.example.com\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250-DSN\r\n"
    "250-SMTPUTF8\r\n250-XFORWARD NAME ADDR PROTO HELO SOURCE IDENT\r\n250 ENHANCEDSTATUSCODES\r\n";
constexpr std::string_view plain_hello = "250 next.example.com\r\n";

// A client and what it says; the test is the server.
struct Talk {
    explicit Talk(SmtpClient::Protocol protocol = SmtpClient::Protocol::smtp)
        : client(protocol, "me.example.com") {}

    // After greeting and hello.
    static Talk ready(SmtpClient::Protocol protocol, std::string_view hello = full_hello) {
        Talk talk(protocol);
        talk.hears("220 next.example.com\r\n");
        talk.hears(hello);
        return talk;
    }

    // What it says to these lines, one after the other.
    std::string hears(std::string_view lines) {
        std::string all;
        while (!lines.empty()) {
            const auto length = std::min(lines.find('\n'), lines.size() - 1) + 1;
            client.receive(lines.substr(0, length));
            all += says();
            lines.remove_prefix(length);
        }
        return all;
    }
    std::string says() {
        std::string all;
        for (std::string piece = client.next_output(); !piece.empty(); piece = client.next_output())
            all += piece;
        return all;
    }
    std::string starts(const OutgoingMail& mail) {
        client.start(mail);
        return says();
    }
    // "done 250 2.0.0 ok", "uncertain 451 4.4.2 gone", with "(ours)" at the end where it is not spoken.
    std::vector<std::string> results() {
        std::vector<std::string> texts;
        for (const SmtpResult& result : client.take_results().value_or(std::vector<SmtpResult>())) {
            static const char* const names[] = {"done", "deferred", "failed", "uncertain"};
            texts.push_back(std::string(names[static_cast<int>(result.outcome)]) + ' ' +
                            to_line(result.reply) + (result.spoken ? "" : " (ours)"));
        }
        return texts;
    }

    SmtpClient client;
};

inline OutgoingMail mail_to(const std::vector<std::string>& recipients,
                            std::string_view content = "A: b\r\n\r\nc\r\n") {
    OutgoingMail mail;
    mail.sender = "s@example.com";
    for (const std::string& address : recipients) mail.recipients.push_back({address, {}});
    mail.content = {content};
    return mail;
}

}  // namespace mailrota::wire
