#include "core/runtime/connections.h"

#include <gmock/gmock.h>

#include <future>
#include <mutex>

#include "core/runtime/connections_fixture.h"
#include "core/runtime/scripted_server_fixture.h"
#include "tests/rig/wait.h"

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

const std::vector<std::string> hello = {"220 hi", "<", "250-x", "250 DSN"};
const std::vector<std::string> envelope = {"<", "250 ok", "<", "250 ok", "<", "354 go"};

// Takes mails of one recipient; the command that ends it, "closed" if there is none.
std::string take_mails(rig::Connection& connection, int most = 1000) {
    if (!play(connection, hello)) return "closed";
    for (int mail = 0;; ++mail) {
        const auto command = connection.read_line();
        if (mail == most || !command || !command->starts_with("MAIL")) return command.value_or("closed");
        if (!play(connection, {"250 ok", "<", "250 ok", "<", "354 go"})) return "closed";
        read_data(connection);
        connection.write("250 2.0.0 ok\r\n");
    }
}

TEST(Connections, KeepsAConnectionForTheNextMail) {
    const ScriptedServer server([](rig::Connection& connection, int) { take_mails(connection); });
    Sending sending;
    EXPECT_FALSE(sending.connections.has_dsn(server.endpoint()));
    const Sent first = sending.send(server.endpoint(), mail_to({"a@example.com"}));
    EXPECT_THAT(texts(first), ElementsAre("done 250 2.0.0 ok"));
    EXPECT_EQ(first.peer, "smtp:unix:" + server.path());
    EXPECT_FALSE(first.reused);
    EXPECT_TRUE(sending.connections.has_dsn(server.endpoint()));
    EXPECT_TRUE(sending.send(server.endpoint(), mail_to({"b@example.com"})).reused);
    EXPECT_EQ(server.connections(), 1);
}

TEST(Connections, ADeadConnectionIsReplacedBeforeAnythingIsLost) {
    // Without a word after one mail; at the second MAIL; by 421 at the second MAIL.
    for (const std::string last : {"", "close", "421 4.4.2 idle"}) {
        const ScriptedServer server([&last](rig::Connection& connection, int number) {
            if (number == 0 && last.empty()) {
                play(connection, hello);
                play(connection, envelope);
                read_data(connection);
                connection.write("250 2.0.0 ok\r\n");
                return;
            }
            take_mails(connection, number == 0 ? 1 : 1000);
            if (number == 0 && last != "close") connection.write(last + "\r\n");
        });
        Sending sending;
        sending.send(server.endpoint(), mail_to({"a@example.com"}));
        const Sent second = sending.send(server.endpoint(), mail_to({"b@example.com"}));
        EXPECT_THAT(texts(second), ElementsAre("done 250 2.0.0 ok")) << last;
        EXPECT_FALSE(second.reused);
        EXPECT_EQ(server.connections(), 2);
    }
}

TEST(Connections, WhatWasAcceptedIsNotTriedAgain) {
    const ScriptedServer server([](rig::Connection& connection, int) {
        take_mails(connection, 1);
        play(connection, {"250 ok", "<"});
    });
    Sending sending;
    sending.send(server.endpoint(), mail_to({"a@example.com"}));
    EXPECT_THAT(texts(sending.send(server.endpoint(), mail_to({"b@example.com"}))),
                ElementsAre("deferred 451 4.4.2 the server closed the connection"));
    EXPECT_EQ(server.connections(), 1);
}

TEST(Connections, AConnectionTakesSoManyMailsAndGrowsSoOld) {
    std::mutex mutex;
    std::vector<std::string> last_lines;
    const ScriptedServer server([&](rig::Connection& connection, int) {
        const std::string line = take_mails(connection, 2);
        const std::lock_guard lock(mutex);
        last_lines.push_back(line);
    });
    ConnectionLimits limits;
    limits.mails_each = 2;
    limits.idle = 0s;
    Sending sending(limits);
    for (int mail = 0; mail < 3; ++mail) sending.send(server.endpoint(), mail_to({"a@example.com"}));
    EXPECT_EQ(server.connections(), 2);
    // The reaper comes by, and the connection is not there any more.
    const auto end = Clock::now() + 10s;
    while (Clock::now() < end && sending.context.run_one_for(50ms) == 0) continue;
    sending.send(server.endpoint(), mail_to({"a@example.com"}));
    EXPECT_EQ(server.connections(), 3);
    sending.close();
    const std::lock_guard lock(mutex);
    EXPECT_THAT(last_lines, Each("QUIT"));
}

TEST(Connections, AnOldConnectionIsNotUsedForAnotherMail) {
    const ScriptedServer server([](rig::Connection& connection, int) { take_mails(connection); });
    for (const auto age : {0s, 300s}) {
        ConnectionLimits limits;
        limits.age = age;
        Sending sending(limits);
        sending.send(server.endpoint(), mail_to({"a@example.com"}));
        EXPECT_EQ(sending.send(server.endpoint(), mail_to({"a@example.com"})).reused, age > 0s);
    }
    EXPECT_EQ(server.connections(), 3);
}

TEST(Connections, MoreThanTheMostWaitForTheirTurn) {
    std::atomic<int> open = 0;
    std::atomic<int> most = 0;
    const ScriptedServer server([&](rig::Connection& connection, int) {
        most = std::max<int>(most, ++open);
        take_mails(connection);
        --open;
    });
    ConnectionLimits limits;
    limits.most_each = 3;
    Sending sending(limits);
    std::vector<std::shared_ptr<Sent>> all;
    for (int mail = 0; mail < 40; ++mail)
        all.push_back(sending.begin(server.endpoint(), mail_to({"a@example.com"})));
    sending.run();
    for (const auto& sent : all) EXPECT_THAT(texts(*sent), ElementsAre("done 250 2.0.0 ok"));
    EXPECT_LE(most, 3);
    sending.close();
}

TEST(Connections, WhoWaitsInVainIsDeferredInTime) {
    const ScriptedServer server([](rig::Connection& connection, int) { connection.wait_for_close(); });
    ConnectionLimits limits;
    limits.most_each = 1;
    Sending sending(limits);
    const auto first = sending.begin(server.endpoint(), mail_to({"a@example.com"}), 2s);
    const auto second = sending.begin(server.endpoint(), mail_to({"b@example.com", "c@example.com"}), 1s);
    sending.run();
    EXPECT_THAT(texts(*second), Each(HasSubstr("deferred 451 4.4.5 no connection to smtp:unix:")));
    EXPECT_THAT(texts(*first), ElementsAre(HasSubstr("deferred 451 4.4.2")));
}

TEST(Connections, AnEndpointThatRefusesIsLeftAloneForASecond) {
    auto server = std::make_unique<ScriptedServer>(
        [](rig::Connection& connection, int) { connection.write("554 5.7.1 not you\r\n"); });
    const config::Endpoint endpoint = server->endpoint();
    Sending sending;
    for (int mail = 0; mail < 3; ++mail)
        EXPECT_THAT(texts(sending.send(endpoint, mail_to({"a@example.com"}))),
                    ElementsAre("deferred 451 4.3.2 " + endpoint.to_string() +
                                ": the server said 554 5.7.1 not you"));
    EXPECT_EQ(server->connections(), 1);
    config::Endpoint nowhere = endpoint;
    nowhere.path = server->path() + "-nowhere";
    EXPECT_THAT(
        texts(sending.send(nowhere, mail_to({"a@example.com"}))),
        ElementsAre("deferred 451 4.4.1 connect to " + nowhere.to_string() + ": No such file or directory"));
    rig::wait_until([&] {
        sending.send(endpoint, mail_to({"a@example.com"}));
        return server->connections() > 1;
    });
    EXPECT_EQ(server->connections(), 2);
}

TEST(Connections, TcpByNameAndByNumber) {
    const int port = rig::free_port();
    Sending sending;
    for (const std::string host : {"127.0.0.1", "localhost", "::1"})
        EXPECT_THAT(
            texts(sending.send({config::Endpoint::Protocol::smtp, host, static_cast<std::uint16_t>(port), {}},
                               mail_to({"a@example.com"}))),
            ElementsAre(StartsWith("deferred 451 4.4.1 connect to smtp:")));
    EXPECT_THAT(texts(sending.send({config::Endpoint::Protocol::smtp, "no-such-host.invalid", 25, {}},
                                   mail_to({"a@example.com"}), 2s)),
                ElementsAre(StartsWith("deferred 451 4.4.1 connect to smtp:no-such-host.invalid:25: ")));
}

TEST(Connections, AFullBacklogIsWaitedFor) {
    std::atomic<bool> go = false;
    const ScriptedServer server(
        [&](rig::Connection& connection, int) {
            rig::wait_until([&] { return go.load(); });
            take_mails(connection);
        },
        0);
    Sending sending;
    std::vector<std::shared_ptr<Sent>> all;
    for (int mail = 0; mail < 30; ++mail)
        all.push_back(sending.begin(server.endpoint(), mail_to({"a@example.com"})));
    sending.context.run_for(50ms);
    go = true;
    sending.run();
    for (const auto& sent : all) EXPECT_THAT(texts(*sent), ElementsAre("done 250 2.0.0 ok"));
    sending.close();
}

TEST(Connections, LargeMailComesByteForByte) {
    std::string content = "Subject: large\r\n\r\n";
    std::string stuffed = content;
    while (content.size() < 20'000'000) {
        const std::string line = "." + std::string(content.size() % 777, 'x') + "\r\n";
        content += line;
        stuffed += "." + line;
    }
    std::string received;
    const ScriptedServer server([&](rig::Connection& connection, int) {
        play(connection, hello);
        play(connection, envelope);
        received = read_data(connection);
        play(connection, {"250 ok", "<"});
    });
    Sending sending;
    EXPECT_THAT(texts(sending.send(server.endpoint(), mail_to({"a@example.com"}, content))),
                ElementsAre("done 250 ok"));
    EXPECT_TRUE(received == stuffed);
    sending.close();
}

TEST(Connections, ARefusalByAServerThatReadsNoMoreIsHeard) {
    const std::string content(20'000'000, 'x');
    std::promise<void> heard;
    const ScriptedServer server([&](rig::Connection& connection, int) {
        play(connection, hello);
        play(connection, envelope);
        connection.read(500'000);
        connection.write("552 5.3.4 too much\r\n");
        heard.get_future().wait();
    });
    Sending sending;
    EXPECT_THAT(texts(sending.send(server.endpoint(), mail_to({"a@example.com"}, content))),
                ElementsAre("failed 552 5.3.4 too much"));
    heard.set_value();
}

TEST(Connections, AfterCloseNothingIsSent) {
    const ScriptedServer server([](rig::Connection& connection, int) { take_mails(connection); });
    Sending sending;
    sending.send(server.endpoint(), mail_to({"a@example.com"}));
    sending.close();
    EXPECT_THAT(texts(sending.send(server.endpoint(), mail_to({"a@example.com"}))),
                ElementsAre(StartsWith("deferred 451")));
    EXPECT_EQ(server.connections(), 1);
}

TEST(Connections, MayGoWhileMailIsUnderWay) {
    const ScriptedServer server([](rig::Connection& connection, int) { connection.wait_for_close(); });
    auto context = std::make_unique<boost::asio::io_context>(1);
    auto connections = std::make_unique<Connections>(context->get_executor(), "me.test");
    for (int mail = 0; mail < 3; ++mail)
        boost::asio::co_spawn(*context, connections->send(server.endpoint(), mail_to({"a@example.com"}), 10s),
                              [](const std::exception_ptr&, const Sent&) {});
    rig::wait_until([&] {
        context->poll();
        return server.connections() == 3;
    });
    connections.reset();
    context.reset();
}

}  // namespace
}  // namespace mailrota::runtime
