#include "tests/rig/milter_client.h"

#include <gmock/gmock.h>
#include <libmilter/mfdef.h>
#include <sys/socket.h>

#include <array>

namespace mailrota::rig {
namespace {

using testing::ElementsAre;

std::string number(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::string packet(char command, const std::string& payload = "") {
    return number(static_cast<std::uint32_t>(payload.size() + 1)) + command + payload;
}

std::string negotiation(std::uint32_t steps, const std::string& lists = "") {
    return packet(SMFIC_OPTNEG, number(6) + number(0x1ff) + number(steps) + lists);
}

/// A filter that says everything it has to say at once, and afterwards shows what it was sent.
class ScriptedFilter {
  public:
    explicit ScriptedFilter(const std::string& answers)
        : client_end_(sockets_[0]), filter_end_(Connection::adopt(sockets_[1])) {
        filter_end_.write(answers);
        filter_end_.finish_writing();
    }

    Connection take_client_end() { return Connection::adopt(client_end_); }

    /// Every packet up to the end of the stream: the command byte and the payload with '|' for NUL.
    std::vector<std::string> received() {
        std::vector<std::string> result;
        while (const auto size = filter_end_.read(4)) {
            std::string text = *filter_end_.read(static_cast<unsigned char>((*size)[3]));
            for (char& byte : text) byte = byte == '\0' ? '|' : byte;
            result.push_back(text);
        }
        return result;
    }

  private:
    static std::array<int, 2> pair() {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw std::runtime_error("socketpair");
        return ends;
    }

    std::array<int, 2> sockets_ = pair();
    int client_end_;
    Connection filter_end_;
};

MilterMessage small_message() {
    MilterMessage message;
    message.recipients = {{"<ann@example.com>"}, {"<ben@example.com>", "NOTIFY=NEVER"}};
    message.headers = {{"Subject", "s"}};
    message.body = "b\r\n";
    message.macros = {{"i", "Q1"}, {"j", "mx"}};
    return message;
}

TEST(MilterClient, SendsEveryStepThatTheFilterWantsWithItsMacros) {
    std::string answers = negotiation(0);
    for (int step = 0; step < 9; ++step) answers += packet(SMFIR_CONTINUE);
    ScriptedFilter filter(answers + packet(SMFIR_ACCEPT));
    {
        MilterClient client(filter.take_client_end());
        client.negotiate();
        const auto outcome = client.send_message(small_message());
        EXPECT_EQ(outcome.verdict.kind, SMFIR_ACCEPT);
        EXPECT_EQ(outcome.stage, SMFIC_BODYEOB);
        EXPECT_THAT(outcome.final_recipients(small_message()),
                    ElementsAre("ann@example.com", "ben@example.com"));
        client.quit();
    }
    EXPECT_THAT(
        filter.received(),
        ElementsAre(testing::StartsWith("O"), "DCj|mx|", testing::StartsWith("Cclient.example.com|4"),
                    "Hclient.example.com|",
                    "DM{mail_addr}|sender@example.com|{mail_host}|example.com|{mail_mailer}|smtp|",
                    "M<sender@example.com>|",
                    "DR{rcpt_addr}|ann@example.com|{rcpt_host}|example.com|{rcpt_mailer}|virtual|",
                    "R<ann@example.com>|",
                    "DRi|Q1|{rcpt_addr}|ben@example.com|{rcpt_host}|example.com|{rcpt_mailer}|virtual|",
                    "R<ben@example.com>|NOTIFY=NEVER|", "DTi|Q1|", "T", "LSubject|s|", "DNi|Q1|", "N",
                    "Bb\r\n", "DEi|Q1|", "E", "Q"));
}

TEST(MilterClient, LeavesOutStepsAndAnswersThatTheFilterDoesNotWant) {
    const std::uint32_t steps = SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOEOH | SMFIP_NOBODY |
                                SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_HDR_LEADSPC;
    const std::string lists =
        number(3) + "j" + std::string(1, '\0') + number(5) + "i {x}" + std::string(1, '\0');
    ScriptedFilter filter(negotiation(steps, lists) + packet(SMFIR_CONTINUE));
    {
        MilterClient client(filter.take_client_end());
        client.negotiate();
        EXPECT_EQ(client.steps(), steps);
        EXPECT_THAT(client.requested_macros(), ElementsAre(std::pair(3, "j"), std::pair(5, "i {x}")));
        EXPECT_EQ(client.send_message(small_message()).verdict.kind, SMFIR_CONTINUE);
    }
    EXPECT_THAT(
        filter.received(),
        ElementsAre(testing::StartsWith("O"), "M<sender@example.com>|", "DRj|mx|", "R<ann@example.com>|",
                    "DRj|mx|", "R<ben@example.com>|NOTIFY=NEVER|", "LSubject| s|", "DEi|Q1|", "E"));
}

TEST(MilterClient, ReportsEditsInOrderAndTheRecipientsThatResult) {
    const std::string nul(1, '\0');
    const std::uint32_t quiet = SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT |
                                SMFIP_NR_DATA | SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NR_BODY;
    ScriptedFilter filter(negotiation(quiet) + packet(SMFIR_PROGRESS) +
                          packet(SMFIR_ADDRCPT_PAR, "<cho@example.com>" + nul + "NOTIFY=NEVER" + nul) +
                          packet(SMFIR_DELRCPT, "<ann@example.com>" + nul) +
                          packet(SMFIR_INSHEADER, number(1) + "X-A" + nul + "1" + nul) +
                          packet(SMFIR_REPLYCODE, "451 4.7.1 later" + nul));
    MilterClient client(filter.take_client_end());
    client.negotiate();
    const auto outcome = client.send_message(small_message());
    EXPECT_THAT(outcome.edits,
                ElementsAre(MilterEdit{'2', "<cho@example.com>", "NOTIFY=NEVER", 0},
                            MilterEdit{'-', "<ann@example.com>", "", 0}, MilterEdit{'i', "X-A", "1", 1}));
    EXPECT_EQ(outcome.progress, 1);
    EXPECT_EQ(outcome.verdict.kind, SMFIR_REPLYCODE);
    EXPECT_EQ(outcome.verdict.text, "451 4.7.1 later");
    EXPECT_THAT(outcome.final_recipients(small_message()), ElementsAre("ben@example.com", "cho@example.com"));
}

TEST(MilterClient, StopsWhereTheMailIsSettledAndGoesOnWithTheNext) {
    std::string answers =
        negotiation(SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOBODY);
    answers += packet(SMFIR_TEMPFAIL);                                                  // first mail: MAIL
    answers += packet(SMFIR_CONTINUE) + packet(SMFIR_REJECT) + packet(SMFIR_CONTINUE);  // second: MAIL, RCPTs
    answers += packet(SMFIR_CONTINUE) + packet(SMFIR_DISCARD);                          // DATA, end
    ScriptedFilter filter(answers);
    MilterClient client(filter.take_client_end());
    client.negotiate();
    EXPECT_EQ(client.send_message(small_message()).stage, SMFIC_MAIL);
    const auto second = client.send_message(small_message());
    EXPECT_EQ(second.verdict.kind, SMFIR_DISCARD);
    EXPECT_EQ(second.recipients.at(0).kind, SMFIR_REJECT);
    EXPECT_THAT(second.final_recipients(small_message()), ElementsAre("ben@example.com"));
}

TEST(MilterClient, SaysSoWhenTheFilterGoesAwayOrIsSilent) {
    ScriptedFilter gone(negotiation(0));
    MilterClient client(gone.take_client_end());
    client.negotiate();
    EXPECT_THROW(client.send_message(small_message()), std::runtime_error);

    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    const Connection silent = Connection::adopt(ends[1]);
    MilterClient waiting(Connection::adopt(ends[0]));
    waiting.connection().set_timeout(std::chrono::milliseconds(20));
    EXPECT_THROW(waiting.negotiate(), std::runtime_error);
}

}  // namespace
}  // namespace mailrota::rig
