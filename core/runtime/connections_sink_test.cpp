#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "core/runtime/connections.h"
#include "core/runtime/connections_fixture.h"
#include "tests/rig/smtp_sink.h"

namespace mailrota::runtime {
namespace {

using rig::SmtpSink;
using rig::SmtpSinkOptions;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Protocol = config::Endpoint::Protocol;

config::Endpoint endpoint_of(const SmtpSink& sink) {
    const Protocol protocol = sink.endpoint().starts_with("lmtp") ? Protocol::lmtp : Protocol::smtp;
    if (sink.port() == 0) return {protocol, {}, 0, sink.path()};
    return {protocol, "127.0.0.1", static_cast<std::uint16_t>(sink.port()), {}};
}

SmtpSinkOptions options_with(bool lmtp, std::vector<std::string> switches) {
    SmtpSinkOptions options;
    options.lmtp = lmtp;
    options.switches = std::move(switches);
    return options;
}

TEST(ConnectionsToSmtpSink, AHundredMailsOverTwentyConnectionsExactlyOnce) {
    for (const bool lmtp : {false, true}) {
        SmtpSinkOptions options = options_with(lmtp, {});
        options.socket = lmtp ? SmtpSinkOptions::Socket::unix_path : SmtpSinkOptions::Socket::inet;
        const SmtpSink sink(options);
        ConnectionLimits limits;
        limits.most_each = 20;
        Sending sending(limits);
        std::vector<std::shared_ptr<Sent>> all;
        std::vector<std::string> contents;
        for (int mail = 0; mail < 100; ++mail)
            contents.push_back("Subject: " + std::to_string(mail) + "\r\n\r\n.dot\r\n");
        for (const std::string& content : contents)
            all.push_back(
                sending.begin(endpoint_of(sink), mail_to({"a@example.com", "b@example.com"}, content)));
        sending.run();
        for (const auto& sent : all)
            EXPECT_THAT(texts(*sent), AllOf(testing::SizeIs(2), Each(StartsWith("done 250 2."))));
        EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const auto& sent) { return !sent->reused; }), 20);
        std::set<std::string> received;
        for (const rig::SinkMail& mail : sink.mails()) {
            EXPECT_TRUE(received.insert(mail.content).second);
            EXPECT_THAT(mail.recipients, ElementsAre("<a@example.com>", "<b@example.com>"));
        }
        EXPECT_EQ(received.size(), 100U);
        EXPECT_TRUE(received.contains("Subject: 42\n\n.dot\n"));
        sending.close();
    }
}

// A switch of smtp-sink and what comes of a mail of two recipients.
struct Case {
    std::vector<std::string> switches;
    std::string result;
};

TEST(ConnectionsToSmtpSink, RefusalsAndDisconnectionsAtNamedCommands) {
    const std::vector<Case> cases = {
        {{"-f", "CONNECT"}, "deferred 451 4.3.2 "},
        {{"-r", "CONNECT"}, "deferred 450 4.3.0"},
        {{"-q", "CONNECT"}, "deferred 451 4.4.2 "},
        {{"-Q", "CONNECT"}, "deferred 421 "},
        {{"-q", "EHLO,LHLO"}, "deferred 451 4.4.2 "},
        {{"-r", "EHLO,LHLO"}, "deferred 450 4.3.0"},
        {{"-f", "MAIL"}, "failed 500 5.3.0"},
        {{"-r", "MAIL"}, "deferred 450 4.3.0"},
        {{"-q", "MAIL"}, "deferred 451 4.4.2 "},
        {{"-Q", "MAIL"}, "deferred 421 "},
        {{"-f", "RCPT"}, "failed 500 5.3.0"},
        {{"-r", "RCPT"}, "deferred 450 4.3.0"},
        {{"-q", "RCPT"}, "deferred 451 4.4.2 "},
        {{"-Q", "RCPT"}, "deferred 421 "},
        {{"-f", "DATA"}, "failed 500 5.3.0"},
        {{"-r", "DATA"}, "deferred 450 4.3.0"},
        {{"-q", "DATA"}, "deferred 451 4.4.2 "},
        {{"-Q", "DATA"}, "deferred 421 "},
        {{"-f", "."}, "failed 500 5.3.0"},
        {{"-r", "."}, "deferred 450 4.3.0"},
        {{"-q", "."}, "uncertain 451 4.4.2 "},
        {{"-Q", "."}, "deferred 421 "},
    };
    for (const bool lmtp : {false, true})
        for (const Case& one : cases) {
            const SmtpSink sink(options_with(lmtp, one.switches));
            Sending sending;
            const auto send = [&] {
                return texts(sending.send(endpoint_of(sink), mail_to({"a@example.com", "b@example.com"})));
            };
            EXPECT_THAT(send(), AllOf(testing::SizeIs(2), Each(StartsWith(one.result))))
                << one.switches[0] << ' ' << one.switches[1] << (lmtp ? " lmtp" : "");
            EXPECT_THAT(send(), Each(StartsWith(one.result))) << "and the next mail, " << one.switches[1];
        }
}

TEST(ConnectionsToSmtpSink, FeaturesThatAreWithdrawnAreNotUsed) {
    const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> cases = {
        {{}, {"RET=HDRS", "BODY=8BITMIME", "NOTIFY=NEVER"}},
        {{"-N"}, {"BODY=8BITMIME"}},
        {{"-8"}, {"RET=HDRS", "NOTIFY=NEVER"}},
        {{"-p"}, {"RET=HDRS", "BODY=8BITMIME", "NOTIFY=NEVER"}},
        {{"-E", "-F", "-C"}, {"RET=HDRS", "BODY=8BITMIME", "NOTIFY=NEVER"}},
        {{"-e"}, {}},
        {{"-f", "EHLO"}, {}},
    };
    for (const auto& [switches, used] : cases) {
        const SmtpSink sink(options_with(false, switches));
        Sending sending;
        wire::OutgoingMail mail = mail_to({"a@example.com"});
        mail.sender_parameters = {"RET=HDRS", "BODY=8BITMIME"};
        mail.recipients[0].parameters = {"NOTIFY=NEVER"};
        EXPECT_THAT(texts(sending.send(endpoint_of(sink), mail)), ElementsAre(StartsWith("done 250")));
        EXPECT_EQ(sending.connections.has_dsn(endpoint_of(sink)),
                  std::count(used.begin(), used.end(), "RET=HDRS") == 1);
        const auto mails = sink.mails();
        ASSERT_EQ(mails.size(), 1U);
        const std::string said = mails[0].sender + ' ' + mails[0].recipients.at(0);
        for (const std::string parameter : {"RET=HDRS", "BODY=8BITMIME", "NOTIFY=NEVER"})
            EXPECT_EQ(said.find(parameter) != std::string::npos,
                      std::count(used.begin(), used.end(), parameter) == 1)
                << parameter << " in " << said;
    }
}

TEST(ConnectionsToSmtpSink, LargeMailIsWhole) {
    std::string content = "Subject: large\r\n\r\n";
    while (content.size() < 4'000'000) content += "." + std::string(content.size() % 77, 'x') + "\r\n";
    const SmtpSink sink(options_with(true, {}));
    Sending sending;
    wire::OutgoingMail mail = mail_to({"a@example.com"});
    mail.content = {std::string_view(content).substr(0, 2'000'001),
                    std::string_view(content).substr(2'000'001)};
    EXPECT_THAT(texts(sending.send(endpoint_of(sink), mail)), ElementsAre(StartsWith("done 250 2.")));
    const auto mails = sink.mails();
    ASSERT_EQ(mails.size(), 1U);
    std::erase(content, '\r');
    EXPECT_TRUE(mails[0].content == content);
}

TEST(ConnectionsToSmtpSink, ASinkThatStartedAgainIsReachedAgain) {
    SmtpSink sink;
    Sending sending;
    EXPECT_THAT(texts(sending.send(endpoint_of(sink), mail_to({"a@example.com"}))), Each(StartsWith("done")));
    sink.stop();
    sink.start();
    const Sent sent = sending.send(endpoint_of(sink), mail_to({"a@example.com"}));
    EXPECT_THAT(texts(sent), Each(StartsWith("done")));
    EXPECT_FALSE(sent.reused);
}

// -A answers 550 right after 354 and reads no more.
TEST(ConnectionsToSmtpSink, AnAbortInTheDataIsHeard) {
    const SmtpSink sink(options_with(false, {"-A", "0"}));
    Sending sending;
    const std::string content(5'000'000, 'x');
    EXPECT_THAT(texts(sending.send(endpoint_of(sink), mail_to({"a@example.com"}, content))),
                ElementsAre(StartsWith("failed 550")));
}

}  // namespace
}  // namespace mailrota::runtime
