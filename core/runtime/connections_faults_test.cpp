#include <gmock/gmock.h>

#include <array>
#include <future>

#include "core/runtime/connections.h"
#include "core/runtime/connections_fixture.h"
#include "core/runtime/scripted_server_fixture.h"
#include "tests/rig/wait.h"

namespace mailrota::runtime {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

// What the server has read when it fails.
enum class Stage { connect, hello, mail, rcpt, data, content, dot };
constexpr std::array stages = {Stage::connect, Stage::hello,   Stage::mail, Stage::rcpt,
                               Stage::data,    Stage::content, Stage::dot};
// How a server fails.
enum class Fault { close, stall, garbage, closing, endless, drip };
constexpr std::array faults = {Fault::close,   Fault::stall,   Fault::garbage,
                               Fault::closing, Fault::endless, Fault::drip};

// `over` comes when the client needs the server no more.
void fail(rig::Connection& connection, Fault fault, const std::shared_future<void>& over) {
    switch (fault) {
        case Fault::close:
            return;
        case Fault::stall:
            return over.wait();
        case Fault::garbage:
            connection.write("HTTP/1.1 400 Bad Request\r\n");
            break;
        case Fault::closing:
            connection.write("421 4.3.2 closing\r\n");
            break;
        case Fault::endless:
            while (connection.write("250-" + std::string(10'000, 'x') + "\r\n")) continue;
            return;
        case Fault::drip:
            rig::wait_until([&] { return !connection.write("250-x\r\n"); });
            return;
    }
    connection.wait_for_close();
}

void serve(rig::Connection& connection, Stage stage, Fault fault, const std::shared_future<void>& over) {
    const std::vector<std::pair<Stage, std::vector<std::string>>> steps = {
        {Stage::connect, {"220 hi", "<"}},        {Stage::hello, {"250-x", "250 PIPELINING", "<"}},
        {Stage::mail, {"250 ok", "<"}},           {Stage::rcpt, {"250 ok", "<"}},
        {Stage::data, {"250 ok", "<", "354 go"}},
    };
    for (const auto& [here, script] : steps) {
        if (here == stage) return fail(connection, fault, over);
        if (!play(connection, script)) return;
    }
    if (stage == Stage::content)
        connection.read(1000);
    else
        read_data(connection);
    fail(connection, fault, over);
}

std::string expected(Stage stage, Fault fault) {
    if (fault == Fault::closing) return "deferred 421 4.3.2 closing";
    return stage == Stage::dot ? "uncertain 451 4." : "deferred 451 4.";
}

TEST(ConnectionsFaults, EveryFaultAtEveryStageHasItsOutcomeInTimeAndHarmsNobody) {
    struct Case {
        Stage stage;
        Fault fault;
        std::unique_ptr<ScriptedServer> server;
        std::shared_ptr<Sent> sent;
    };
    const std::string content(3'000'000, 'x');  // more than the buffers of a socket
    Sending sending;
    std::promise<void> ending;
    const std::shared_future<void> over = ending.get_future();
    std::vector<Case> cases;
    const auto start = Clock::now();
    for (const Stage stage : stages)
        for (const Fault fault : faults) {
            auto server = std::make_unique<ScriptedServer>(
                [=](rig::Connection& connection, int) { serve(connection, stage, fault, over); });
            auto sent =
                sending.begin(server->endpoint(), mail_to({"a@example.com", "b@example.com"}, content), 4s);
            cases.push_back({stage, fault, std::move(server), std::move(sent)});
        }
    const ScriptedServer sound([](rig::Connection& connection, int) {
        play(connection, {"220 hi", "<", "250 x", "<", "250 ok", "<", "250 ok", "<", "354 go"});
        read_data(connection);
        play(connection, {"250 sound", "<"});
    });
    const auto unharmed = sending.begin(sound.endpoint(), mail_to({"a@example.com"}, content), 20s);
    sending.run();
    ending.set_value();
    EXPECT_LT(Clock::now() - start, 20s);
    EXPECT_THAT(texts(*unharmed), ElementsAre("done 250 sound"));
    for (const Case& one : cases)
        EXPECT_THAT(texts(*one.sent),
                    AllOf(testing::SizeIs(2), Each(StartsWith(expected(one.stage, one.fault)))))
            << "stage " << static_cast<int>(one.stage) << " fault " << static_cast<int>(one.fault);
    sending.close();
}

TEST(ConnectionsFaults, SilenceIsLimitedBeforeTheFinalDotOnly) {
    ConnectionLimits limits;
    limits.silence = 1s;
    Sending sending(limits);
    const ScriptedServer silent([](rig::Connection& connection, int) { connection.wait_for_close(); });
    const ScriptedServer slow([](rig::Connection& connection, int) {
        play(connection, {"220 hi", "<", "250 x", "<", "250 ok", "<", "250 ok", "<", "354 go"});
        read_data(connection);
        connection.set_timeout(1500ms);
        EXPECT_FALSE(connection.wait_for_close(1500ms));
        play(connection, {"250 at last", "<"});
    });
    const auto start = Clock::now();
    const auto first = sending.begin(silent.endpoint(), mail_to({"a@example.com"}), 30s);
    const auto second = sending.begin(slow.endpoint(), mail_to({"a@example.com"}), 30s);
    sending.run();
    EXPECT_THAT(texts(*first), ElementsAre("deferred 451 4.4.2 smtp:unix:" + silent.path() +
                                           ": the server did not answer in time"));
    EXPECT_THAT(texts(*second), ElementsAre("done 250 at last"));
    EXPECT_LT(Clock::now() - start, 10s);
    sending.close();
}

TEST(ConnectionsFaults, LmtpVerdictsThatCameBeforeTheEndCount) {
    const ScriptedServer server([](rig::Connection& connection, int) {
        play(connection, {"220 hi", "<", "250-x", "250 PIPELINING", "<", "<", "<", "<", "250 ok", "250 ok",
                          "250 ok", "354 go"});
        read_data(connection);
        play(connection, {"250 2.0.0 for a"});
    });
    Sending sending;
    EXPECT_THAT(texts(sending.send(server.endpoint(config::Endpoint::Protocol::lmtp),
                                   mail_to({"a@example.com", "b@example.com"}))),
                ElementsAre("done 250 2.0.0 for a", "uncertain 451 4.4.2 the server closed the connection"));
}

}  // namespace
}  // namespace mailrota::runtime
