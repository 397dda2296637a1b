#include <atomic>
#include <thread>

#include "tests/e2e/lmtp/scene.h"

namespace mailrota::rig {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

/// A client that does not wait for replies, and what the server said until it closed.
std::string rest(Connection& connection) {
    std::string said;
    try {
        while (const auto line = connection.read_line()) said += *line + "\n";
    } catch (const std::exception&) {  // a reset: what was not read is lost
    }
    return said;
}

TEST(L11, AClientThatIsSilentIsTold421AndOthersAreServed) {
    const Lmtp lmtp(lmtp_configuration("timeout = \"1s\""));
    auto silent = lmtp.connect();
    auto in_data = lmtp.client();
    in_data.command("MAIL FROM:<ann@example.com>");
    in_data.command("RCPT TO:<drop@example.com>");
    in_data.command("DATA");
    in_data.send_raw("Subject: x\r\n");
    EXPECT_TRUE(lmtp.serves());
    EXPECT_THAT(rest(silent), HasSubstr("421 4.4.2"));
    EXPECT_THAT(rest(in_data.connection()), HasSubstr("421 4.4.2"));
    EXPECT_TRUE(lmtp.serves());
}

TEST(L11, AClientThatDripsIsTold421) {
    const Lmtp lmtp(lmtp_configuration("timeout = \"1s\""));
    auto client = lmtp.client();
    client.command("MAIL FROM:<ann@example.com>");
    client.command("RCPT TO:<drop@example.com>");
    client.command("DATA");
    std::atomic<bool> closed = false;
    std::thread dripping([&] {
        try {
            while (!closed && client.connection().write("x"))
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
        } catch (const std::exception&) {
        }
    });
    EXPECT_EQ(client.read_reply().code, 421);
    closed = true;
    dripping.join();
    EXPECT_TRUE(lmtp.serves());
}

TEST(L11, AClientThatDoesNotReadIsGivenUpAndOthersAreServed) {
    const Lmtp lmtp(lmtp_configuration("timeout = \"1s\""));
    auto client = lmtp.connect();
    client.set_timeout(std::chrono::seconds(15));
    std::string commands;
    for (int i = 0; i < 20'000; ++i) commands += "NOOP\r\n";
    bool ended = false;
    try {
        while (client.write(commands)) continue;
        ended = true;
    } catch (const std::exception& failure) {
        ended = std::string(failure.what()).find("timed out") == std::string::npos;
    }
    EXPECT_TRUE(ended);
    EXPECT_TRUE(lmtp.serves());
}

TEST(Garbage, EndsWith421AfterTenCommandsThatAreNone) {
    const Lmtp lmtp(lmtp_configuration());
    auto client = lmtp.connect();
    for (int i = 0; i < 12; ++i) client.write("GET / HTTP/1.1\r\n");
    EXPECT_THAT(rest(client), HasSubstr("421 4.7.0"));
    auto binary = lmtp.connect();
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
    binary.write(bytes);
    binary.finish_writing();
    rest(binary);
    EXPECT_TRUE(lmtp.serves());
    EXPECT_TRUE(lmtp.running());
}

TEST(Garbage, MegabytesWithoutALineEndCostNoMemory) {
    const Lmtp lmtp(lmtp_configuration());
    auto client = lmtp.connect();
    const std::string megabyte(1'000'000, 'x');
    for (int i = 0; i < 50; ++i)
        if (!client.write(megabyte)) break;
    client.write("\r\nQUIT\r\n");
    client.finish_writing();
    EXPECT_THAT(rest(client), AnyOf(HasSubstr("500"), HasSubstr("421")));
    EXPECT_TRUE(lmtp.serves());
}

TEST(Connections, OverTheLimitAreTold421) {
    const Lmtp lmtp(lmtp_configuration("max_connections = 2"));
    auto first = lmtp.client();
    {
        const auto second = lmtp.client();
        SmtpClient third(lmtp.connect(), SmtpClient::Protocol::lmtp);
        EXPECT_EQ(third.greeting().code, 421);
    }
    EXPECT_TRUE(wait_until(
        [&] { return SmtpClient(lmtp.connect(), SmtpClient::Protocol::lmtp).greeting().code == 220; }));
    EXPECT_TRUE(first.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail()).accepted());
}

}  // namespace
}  // namespace mailrota::rig
