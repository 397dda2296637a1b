// Any bytes are what a server says, in any chunks: every recipient has one result in the end, output and
// faults are bounded, and a lost connection ends whatever was under way.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/wire/smtp_client.h"

namespace {

using namespace mailrota::wire;

constexpr std::size_t most_output = 64;
constexpr std::size_t longest_command = 200;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

OutgoingMail mail_for(std::uint8_t choice) {
    OutgoingMail mail;
    mail.sender = (choice & 1U) != 0 ? "s\xc3\xa9@example.com" : "";
    mail.sender_parameters = {"RET=HDRS", "BODY=8BITMIME"};
    for (int number = 0; number <= choice % 4; ++number)
        mail.recipients.push_back({"r@example.com", {"NOTIFY=NEVER"}});
    mail.content = {"Subject: x\r", "\n\r\n.", ".\r\nlast"};
    mail.identity = (choice & 2U) != 0 ? "4F=1" : "";
    return mail;
}

void drain(SmtpClient& client) {
    int rounds = 0;
    for (std::string out = client.next_output(most_output); !out.empty();
         out = client.next_output(most_output)) {
        require(out.size() <= most_output + longest_command && ++rounds < 100);
    }
}

void check_results(SmtpClient& client, const OutgoingMail& mail) {
    const auto results = client.take_results();
    require(results && results->size() == mail.recipients.size() && !client.take_results());
    for (const SmtpResult& result : *results) {
        require(result.reply.code >= 200 && result.reply.code <= 599);
        require(result.outcome != SmtpResult::Outcome::done || (result.spoken && is_success(result.reply)));
        require(result.outcome != SmtpResult::Outcome::uncertain || (!result.spoken && client.data_said()));
    }
}

}  // namespace

// The first byte chooses protocol and mail; a byte 0xff ends a chunk and is not said.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const OutgoingMail mail = mail_for(data[0]);
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    SmtpClient client((data[0] & 4U) != 0 ? SmtpClient::Protocol::lmtp : SmtpClient::Protocol::smtp, "me");
    bool started = false;
    while (!rest.empty()) {
        const std::size_t length = std::min(rest.find('\xff'), rest.size());
        client.receive(rest.substr(0, length));
        rest.remove_prefix(std::min(length + 1, rest.size()));
        drain(client);
        if (started && client.state() != SmtpClient::State::busy) {
            check_results(client, mail);
            started = false;
        }
        if (client.state() == SmtpClient::State::ready) {
            client.start(mail);
            started = true;
            drain(client);
        }
    }
    client.connection_lost("the input is over");
    require(client.state() == SmtpClient::State::closed && !client.fault().empty());
    require(client.fault().size() <= 300);
    drain(client);
    if (started) {
        check_results(client, mail);
    }
    return 0;
}
