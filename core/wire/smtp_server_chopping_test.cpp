#include <gtest/gtest.h>

#include <random>

#include "core/wire/smtp_server_fixture.h"

// However the bytes of a connection are cut, the same is said and the same messages come out.
namespace mailrota::wire {
namespace {

using namespace std::string_literals;

const std::string dialogue =
    "BOGUS\r\nHELO x\r\nLHLO me\r\nNO\nOP\r\nXFORWARD IDENT=4X HELO=far+20away\r\n"
    "MAIL FROM:<a@b> SIZE=10\r\nRCPT TO:<one@y>\r\nRCPT TO:<no@y>\r\nRCPT TO:<one@y>\r\nDATA\r\n"
    "From: x\r\n\r\n..\r\n...\r\n.x\r\n\r\n\r\n.\r\n"
    "MAIL FROM:<>\r\nRCPT TO:<no@y>\r\nDATA\r\nBDAT 5\r\nab\r\ncRSET\r\n"
    "MAIL FROM:<c@d>\r\nRCPT TO:<x@y>\r\nDATA\r\nbare\r.\r\n\n.\r\r\n\r.\r\n.\n.\r.\r\n.\r\n"
    "MAIL FROM:<c@d>\r\nRCPT TO:<x@y>\r\nRCPT TO:<z@y>\r\nBDAT 6\r\na\r\nb\n\rBDAT 3\r\n\nxyBDAT 0 LAST\r\n"
    "MAIL FROM:<c@d>\r\nRCPT TO:<x@y>\r\nBDAT 7\r\n.\r\n\r\nx\rBDAT 4\r\n\n\r\nyBDAT 0 LAST\r\n"
    "MAIL FROM:<c@d>\r\nRCPT TO:<x@y>\r\nDATA\r\nmuch too big: "
    "0123456789012345678901234567890123456789\r\n.\r\n"
    "MAIL FROM:<c@d>\r\nRCPT TO:<x@y>\r\nDATA\r\n.\r\nQUIT\r\nNOOP\r\n";

struct Outcome {
    std::string said;
    std::vector<std::string> messages;
    std::vector<std::string> offered;
    bool closed = false;

    bool operator==(const Outcome&) const = default;
};

template <class Length>
Outcome hold(const std::string& bytes, Length next_length) {
    SmtpServerOptions options;
    options.max_size = 50;
    SmtpServerOwner owner(options);
    owner.refusals = {{"no@y", {550, "5.1.1", "no"}}};
    Outcome outcome;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = next_length();
        outcome.said += owner.send(std::string_view(bytes).substr(at, length));
        at += length;
    }
    for (const MessageReceived& message : owner.messages)
        outcome.messages.push_back(message.queue_id + "|" + message.bytes);
    outcome.offered = owner.offered;
    outcome.closed = owner.closed;
    return outcome;
}

TEST(SmtpServerChopping, AnyCutOfADialogueIsTheSameDialogue) {
    std::string bytes = dialogue;
    bytes.insert(bytes.find("XFORWARD"), "NOOP " + std::string(600, 'x') + "\r\r\n");
    bytes.insert(bytes.find("From: x"), "Nul: \0\r\n"s);
    const Outcome whole = hold(bytes, [&] { return bytes.size(); });
    EXPECT_TRUE(whole.closed);
    EXPECT_EQ(whole.messages,
              (std::vector<std::string>{"4X|" + "Nul: \0\r\nFrom: x\r\n\r\n.\r\n..\r\nx\r\n\r\n\r\n"s,
                                        "4X|.\r\n\r\nx\r\n\r\ny", "4X|"}));
    EXPECT_EQ(hold(bytes, [] { return 1U; }), whole);
    EXPECT_EQ(hold(bytes, [] { return 2U; }), whole);
    std::mt19937 random(1);
    for (const unsigned most : {3U, 10U, 100U, 700U})
        for (int i = 0; i < 50; ++i)
            ASSERT_EQ(hold(bytes, [&] { return 1 + random() % most; }), whole) << most << " " << i;
}

TEST(SmtpServerChopping, AnyCutOfNoiseIsTheSameNoise) {
    std::mt19937 random(2);
    const std::vector<std::string> words = {"\r",
                                            "\n",
                                            "\r\n",
                                            ".",
                                            "\r\n.\r\n",
                                            "x",
                                            "DATA\r\n",
                                            "RSET\r\n",
                                            "BDAT 3\r\n",
                                            "BDAT 2 LAST\r\n",
                                            "MAIL FROM:<a@b>\r\n",
                                            "RCPT TO:<x@y>\r\n",
                                            "LHLO me\r\n"};
    for (int i = 0; i < 200; ++i) {
        std::string bytes = "LHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\n";
        for (int word = 0; word < 40; ++word) bytes += words[random() % words.size()];
        const Outcome whole = hold(bytes, [&] { return bytes.size(); });
        ASSERT_EQ(hold(bytes, [&] { return 1 + random() % 4; }), whole) << bytes;
    }
}

}  // namespace
}  // namespace mailrota::wire
