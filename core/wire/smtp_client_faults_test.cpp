#include <gmock/gmock.h>

#include "core/wire/smtp_client.h"
#include "core/wire/smtp_client_fixture.h"

namespace mailrota::wire {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using enum SmtpClient::Protocol;
using State = SmtpClient::State;

// What the server has said of a transaction with two recipients when the fault comes.
struct Stage {
    std::string name;
    std::string said;
    std::vector<std::string> lost;  // how the results begin when the connection is lost
};
std::vector<Stage> stages(SmtpClient::Protocol protocol) {
    std::vector<Stage> all = {
        {"after the envelope", "", {"deferred 451 ", "deferred 451 "}},
        {"after MAIL", "250 ok\r\n", {"deferred 451 ", "deferred 451 "}},
        {"after a refused RCPT", "250 ok\r\n550 no\r\n", {"failed 550 no", "deferred 451 "}},
        {"after RCPT", "250 ok\r\n550 no\r\n250 ok\r\n", {"failed 550 no", "deferred 451 "}},
        {"after the data", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", {"uncertain 451 ", "uncertain 451 "}},
    };
    if (protocol == lmtp)
        all.push_back(
            {"after one verdict", all.back().said + "250 for a\r\n", {"done 250 for a", "uncertain 451 "}});
    return all;
}

struct Fault {
    std::string name;
    std::string bytes;    // empty: the connection is lost
    bool spoken = false;  // the bytes are an answer
};
const std::vector<Fault> faults = {
    {"lost", ""},
    {"421", "421 4.3.2 shutting down\r\n", true},
    {"a page", "HTTP/1.1 400 Bad Request\r\n"},
    {"no line end", std::string(70'000, 'x')},
    {"binary", std::string("\0\xff\x01\n", 4)},
    {"a wrong 354", "399 what\r\n"},
    {"code 100", "100 go on\r\n"},
    {"two codes", "250-one\r\n550 two\r\n"},
    {"endless lines",
     [] {
         std::string text;
         for (int line = 0; line < 1001; ++line) text += "250-x\r\n";
         return text;
     }()},
    {"megabytes", "250-" + std::string(2'000'000, 'y')},
};

void check(SmtpClient::Protocol protocol, const Stage& stage, const Fault& fault) {
    SCOPED_TRACE(fault.name + " " + stage.name);
    Talk talk = Talk::ready(protocol);
    const OutgoingMail mail = mail_to({"a@example.com", "b@example.com"});
    talk.starts(mail);
    talk.hears(stage.said);
    if (fault.bytes.empty())
        talk.client.connection_lost("gone");
    else
        EXPECT_EQ(talk.hears(fault.bytes), "");
    EXPECT_EQ(talk.client.state(), State::closed);
    EXPECT_NE(talk.client.fault(), "");
    EXPECT_LE(talk.client.fault().size(), 300U);
    const auto results = talk.results();
    ASSERT_EQ(results.size(), 2U);
    for (int index : {0, 1}) {
        const bool waits = stage.lost[index].ends_with(' ');
        if (fault.spoken && waits)
            EXPECT_EQ(results[index], "deferred 421 4.3.2 shutting down");
        else
            EXPECT_THAT(results[index], StartsWith(stage.lost[index]));
    }
}

TEST(SmtpClientFaults, BeforeTheFinalDotDeferredAfterItUncertain) {
    for (const auto protocol : {smtp, lmtp})
        for (const Stage& stage : stages(protocol))
            for (const Fault& fault : faults) check(protocol, stage, fault);
}

TEST(SmtpClientFaults, InGreetingAndHelloTheConnectionIsClosed) {
    for (const std::string said : {"", "220 hi\r\n"}) {
        for (const Fault& fault : faults) {
            Talk talk;
            talk.hears(said);
            if (fault.bytes.empty())
                talk.client.connection_lost("gone");
            else
                talk.hears(fault.bytes);
            EXPECT_EQ(talk.client.state(), State::closed) << fault.name;
            EXPECT_EQ(talk.client.refusal().has_value(), fault.spoken || fault.name == "a wrong 354");
        }
    }
}

TEST(SmtpClientFaults, AnIdleConnectionMayBeClosedByTheServer) {
    Talk talk = Talk::ready(smtp);
    talk.hears("421 4.4.2 time is over\r\n");
    EXPECT_EQ(talk.client.state(), State::closed);
    EXPECT_EQ(talk.client.fault(), "the server said 421 4.4.2 time is over");
    EXPECT_FALSE(talk.client.take_results());
}

TEST(SmtpClientFaults, AResetThatIsRefusedDefers) {
    Talk talk = Talk::ready(smtp);
    const OutgoingMail mail = mail_to({"a@example.com"});
    talk.starts(mail);
    talk.hears("250 ok\r\n550 no\r\n503 no\r\n");
    talk.results();
    talk.starts(mail);
    talk.hears("502 no RSET here\r\n");
    EXPECT_THAT(talk.results(), ElementsAre(HasSubstr("deferred 451 4.5.0 RSET was refused: 502")));
}

TEST(SmtpClientFaults, DrippedBytesMeanTheSame) {
    Talk talk(lmtp);
    std::string said;
    const auto drip = [&](std::string_view bytes) {
        for (const char byte : bytes) said += talk.hears(std::string_view(&byte, 1));
    };
    drip("220 hi\r\n");
    drip(full_hello);
    const OutgoingMail mail = mail_to({"a@example.com", "b@example.com"});
    said = talk.starts(mail);
    drip(
        "250 2.1.0 ok\n250 2.1.5 ok\r\n250 2.1.5 ok\r\n354\r\n250-2.0.0 one\r\n250-2.0.1 two\r\n250 "
        "2.0.0\r\n550 5.2.2\n");
    EXPECT_THAT(said, HasSubstr("DATA\r\nA: b\r\n\r\nc\r\n.\r\n"));
    EXPECT_THAT(talk.results(), ElementsAre("done 250 2.0.0 one 2.0.1 two ", "failed 550 5.2.2 "));
}

TEST(SmtpClientFaults, ALongReplyIsTakenUpToItsLimits) {
    std::string thousand;
    for (int line = 1; line < 1000; ++line) thousand += "550-x\r\n";
    thousand += "550 last\r\n";
    for (const std::string& reply : {thousand, "550 " + std::string(60'000, 'z') + "\r\n"}) {
        Talk talk = Talk::ready(smtp);
        const OutgoingMail mail = mail_to({"a@example.com"});
        talk.starts(mail);
        talk.hears("250 ok\r\n" + reply + "503 no\r\n");
        EXPECT_EQ(talk.client.state(), State::ready);
        EXPECT_THAT(talk.results(), Each(StartsWith("failed 550")));
    }
}

}  // namespace
}  // namespace mailrota::wire
