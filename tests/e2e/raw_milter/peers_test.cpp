#include <libmilter/mfdef.h>

#include <array>
#include <filesystem>
#include <functional>

#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::size_t open_descriptors(const MailrotaMilter& milter) {
    const std::filesystem::directory_iterator files("/proc/" + std::to_string(milter.pid()) + "/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

class M10 : public testing::Test {
  protected:
    /// The peer did what it did: the program lives, has forgotten it and serves the next.
    void expect_unharmed() {
        ASSERT_TRUE(milter_.running()) << milter_.log();
        EXPECT_THAT(recipients_of(milter_, mail_to({"orders@example.com"})), SizeIs(1));
        EXPECT_TRUE(wait_until([this] { return open_descriptors(milter_) <= before_; }))
            << before_ << " descriptors before, " << open_descriptors(milter_) << " after";
        EXPECT_TRUE(has(ask(milter_, "status"), "\"sessions\":0,")) << ask(milter_, "status");
    }

    void say(std::string_view bytes) {
        auto connection = Connection::to(milter_.socket());
        connection.write(bytes);
        connection.finish_writing();
        EXPECT_TRUE(connection.wait_for_close());
    }

    MailrotaMilter milter_{configuration(orders_rota)};
    std::size_t before_ = [this] {
        recipients_of(milter_, mail_to({"orders@example.com"}));  // the database is open by then
        wait_until([this] { return has(ask(milter_, "status"), "\"sessions\":0,"); });
        return open_descriptors(milter_);
    }();
};

TEST_F(M10, PortProbes) {
    for (int probe = 0; probe < 3000; ++probe) Connection::to(milter_.socket()).close();
    expect_unharmed();
}

TEST_F(M10, SessionsThatNegotiateAndGo) {
    for (int session = 0; session < 1000; ++session) MilterClient::to(milter_.socket());
    expect_unharmed();
}

TEST_F(M10, ManySessionsAtOnce) {
    {
        std::vector<MilterClient> clients;
        for (int session = 0; session < 200; ++session) clients.push_back(MilterClient::to(milter_.socket()));
        for (auto& client : clients) {
            const auto message = mail_to({"orders@example.com"});
            EXPECT_THAT(client.send_message(message).final_recipients(message), SizeIs(1));
        }
    }
    expect_unharmed();
}

TEST_F(M10, GarbageOfManyKinds) {
    using namespace std::string_literals;
    for (const auto& garbage :
         {"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"s, "\xff\xff\xff\xffO"s, "\0\0\0\0"s, "\0\0\0\1O"s,
          "\0\0\0\1Q"s, "\0\0\0\1\0"s, "\0\0\0\x0dO\0\0\0\6"s, "\0"s, "\x7f\xff\xff\xff"s,
          "\0\0\0\x05O\0\0\0\6"s, "\0\0\0\1E"s, "\0\0\0\2Mx"s, "\0\0\0\1D\0\0\0\1R\0\0\0\1E"s}) {
        say(garbage);
        ASSERT_TRUE(milter_.running());
    }
    expect_unharmed();
}

TEST_F(M10, WrongVersions) {
    for (const std::uint32_t version : {0U, 1U, 2U, 7U, 99U, 0xffffffffU}) {
        try {
            MilterOptions options;
            options.version = version;
            auto client = MilterClient::to(milter_.socket(), options);
            const auto message = mail_to({"orders@example.com"});
            const auto outcome = client.send_message(message);
            if (!outcome.verdict.goes_on()) continue;
            EXPECT_THAT(outcome.final_recipients(message), SizeIs(1)) << version;
        } catch (const std::runtime_error&) {  // refused
        }
        ASSERT_TRUE(milter_.running()) << version;
    }
    expect_unharmed();
}

TEST_F(M10, AnMtaThatGrantsTooLittleIsDeferred) {
    MilterOptions options;
    options.actions = 0;
    const auto outcome = offer(milter_, mail_to({"orders@example.com"}), options);
    EXPECT_FALSE(outcome.verdict.goes_on());
    EXPECT_TRUE(milter_.wait_for_log("does not grant"));
    expect_unharmed();
}

TEST_F(M10, CommandsOutOfOrder) {
    for (const std::string_view order :
         {"E", "RE", "LE", "MLRE", "BBE", "MME", "MRERE", "AAAE", "KE", "MRAE"}) {
        try {
            auto client = MilterClient::to(milter_.socket());
            client.connection().set_timeout(std::chrono::milliseconds(200));
            const auto message = mail_to({"orders@example.com"});
            for (const char command : order) {
                if (command == 'M') client.send(command, std::string("<a@example.com>") + '\0');
                if (command == 'R') client.send(command, std::string("<orders@example.com>") + '\0');
                if (command == 'L') client.send(command, std::string("Subject\0x\0", 10));
                if (std::string_view("ABK").find(command) != std::string_view::npos) client.send(command, "");
                if (command == 'E') client.end_of_message(message);
            }
        } catch (const std::runtime_error&) {  // libmilter ends a session that makes no sense
        }
        ASSERT_TRUE(milter_.running()) << order;
    }
    expect_unharmed();
}

/// A mail cut off after each of its steps.
class M14 : public testing::Test {
  protected:
    static constexpr int steps = 8;

    static void send_until(MilterClient& client, const MilterMessage& message, int step) {
        const std::array<std::function<void()>, steps> in_order = {
            [&] { client.connect(message); },
            [&] { client.helo(message); },
            [&] { client.mail(message); },
            [&] { client.rcpt(message, 0); },
            [&] { client.rcpt(message, 1); },
            [&] { client.data(message); },
            [&] { client.header("Subject", "to be forgotten"); },
            [&] { client.body("to be forgotten"); },
        };
        for (int at = 0; at <= step; ++at) in_order.at(static_cast<std::size_t>(at))();
    }

    MailrotaMilter milter_{configuration(R"(
[[rule]]
when.body = "*forgotten*"
then = [{ reject = "The first mail is not forgotten" }]
[[rule]]
when.header.Subject = "to be forgotten"
then = [{ reject = "The first mail is not forgotten" }]
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com"]
)")};
};

TEST_F(M14, NothingOfAnAbortedMailIsLeft) {
    for (int step = 0; step < steps; ++step) {
        auto client = MilterClient::to(milter_.socket());
        send_until(client, mail_to({"orders@example.com", "first@example.com"}), step);
        client.abort();
        const auto second = mail_to({"second@example.com", "orders@example.com"});
        const auto outcome = client.send_message(second);
        EXPECT_EQ(outcome.verdict.kind, 'c') << step << outcome.verdict.text;
        EXPECT_THAT(outcome.final_recipients(second), ElementsAre("second@example.com", "ann@example.com"));
    }
}

TEST_F(M14, AMailThatEndsWithTheConnectionLeavesNothing) {
    for (int step = 0; step < steps; ++step) {
        auto client = MilterClient::to(milter_.socket());
        send_until(client, mail_to({"orders@example.com", "first@example.com"}), step);
        client.flush();
    }
    EXPECT_TRUE(wait_until([this] { return has(ask(milter_, "status"), "\"sessions\":0,"); }));
    EXPECT_TRUE(milter_.running());
}

TEST_F(M14, ManyMailsInOneSession) {
    auto client = MilterClient::to(milter_.socket());
    for (int mail = 0; mail < 50; ++mail) {
        const auto other = mail_to({"other" + std::to_string(mail) + "@example.com"});
        EXPECT_THAT(client.send_message(other).edits, testing::IsEmpty());
        const auto order = mail_to({"orders@example.com"});
        EXPECT_THAT(client.send_message(order).final_recipients(order), ElementsAre("ann@example.com"));
    }
    EXPECT_EQ(lines_with(milter_.log(), "info mail ").size(), 100U);
}

}  // namespace
}  // namespace mailrota::rig
