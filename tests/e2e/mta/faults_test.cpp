// L2 and L8: connections that break between Postfix and mailrota, next hops that fail, and many mails at
// once.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "tests/e2e/mta/cutting_proxy.h"
#include "tests/e2e/mta/scene.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";

std::size_t count_of(const std::string& text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

/// Mails that the sink has, by recipient.
std::map<std::string, int> received(const rig::SmtpSink& sink) {
    std::map<std::string, int> result;
    for (const auto& mail : sink.mails())
        for (const auto& recipient : mail.recipients) ++result[recipient.substr(0, recipient.find('>') + 1)];
    return result;
}

/// Postfix speaks with mailrota through a proxy.
struct Cut {
    Cut() : proxy(folder / "lmtp.sock"), scene(options()) {}

    SceneOptions options() const {
        SceneOptions made{std::string(policy)};
        made.transport_to = "lmtp:inet:127.0.0.1:" + std::to_string(proxy.port());
        made.socket = folder / "lmtp.sock";
        return made;
    }

    rig::TemporaryFolder folder{rig::TemporaryFolder::Place::run};
    CuttingProxy proxy;
    Scene scene;
};

class L2 : public testing::TestWithParam<int> {};

TEST_P(L2, AfterALostConnectionTheRestIsAnsweredFromTheJournal) {
    Cut cut;
    const auto mail = MessageText::fresh();
    cut.proxy.cut_after(GetParam());
    cut.scene.send(mail, {"cho@example.com", "dan@example.com", "office@example.com"});
    ASSERT_TRUE(rig::wait_until([&] { return cut.proxy.cuts() == 1; }, std::chrono::seconds(30)))
        << cut.scene.logs();
    EXPECT_TRUE(cut.scene.flushed()) << cut.scene.logs();
    EXPECT_THAT(cut.scene.arrivals(mail), ElementsAre("cho", "dan", "office")) << cut.scene.logs();
    EXPECT_EQ(count_of(cut.scene.lmtp().log(), "replayed=yes"), 3U - static_cast<unsigned>(GetParam()))
        << cut.scene.logs();
}

INSTANTIATE_TEST_SUITE_P(Replies, L2, testing::Values(0, 1, 2));

// The reply that is lost is that of the team's address or, when it comes first, that of the member.
TEST(L2, AMailWhoseTurnIsDrawnIsHandedBackOnceThoughItsReplyIsLost) {
    Cut cut;
    const auto first = MessageText::fresh();
    cut.proxy.cut_after(0);
    cut.scene.send(first, {"orders@example.com"});
    ASSERT_TRUE(rig::wait_until([&] { return cut.proxy.cuts() == 1; }, std::chrono::seconds(30)));
    EXPECT_TRUE(cut.scene.flushed()) << cut.scene.logs();
    EXPECT_THAT(cut.scene.arrivals(first), ElementsAre("ann")) << cut.scene.logs();
    const auto second = MessageText::fresh();
    cut.scene.send(second, {"orders@example.com"});
    EXPECT_THAT(cut.scene.arrivals(second), ElementsAre("ben")) << cut.scene.logs();
}

// What ben's reply would have been nobody knows: that window is the protocol's, and the log says so.
TEST(L2, OfANextHopThatDiesAfterOneReplyOnlyTheUnansweredAreTriedAgain) {
    rig::Dovecot dovecot({"ann", "ben"});
    CuttingProxy proxy(dovecot.socket());
    SceneOptions options{std::string(policy)};
    options.next_hop = "lmtp:127.0.0.1:" + std::to_string(proxy.port());
    Scene scene(options);
    proxy.cut_after(1);
    scene.send(MessageText::fresh(), {"ann@example.com", "ben@example.com"});
    const auto queue = scene.deferred();
    EXPECT_THAT(queue, HasSubstr("ben@example.com")) << scene.logs();
    EXPECT_THAT(queue, HasSubstr("451 4.4.2 No answer came"));
    EXPECT_THAT(queue, testing::Not(HasSubstr("ann@example.com")));
    EXPECT_THAT(scene.lmtp().log(), HasSubstr("possible-duplicate-later"));
    EXPECT_TRUE(scene.flushed()) << scene.logs();
    EXPECT_THAT(dovecot.mailbox("ann"), SizeIs(1)) << scene.logs();
    EXPECT_THAT(dovecot.mailbox("ben"), SizeIs(testing::Ge(1U))) << scene.logs();
}

/// A next hop that fails as smtp-sink(1) is told.
struct Sink {
    explicit Sink(std::vector<std::string> switches)
        : sink(options(std::move(switches))), scene(scene_options()) {}

    static rig::SmtpSinkOptions options(std::vector<std::string> switches) {
        rig::SmtpSinkOptions made;
        made.lmtp = true;
        made.switches = std::move(switches);
        made.socket = rig::SmtpSinkOptions::Socket::inet;
        return made;
    }
    SceneOptions scene_options() const {
        SceneOptions made{std::string(policy)};
        made.next_hop = sink.endpoint();
        return made;
    }

    rig::SmtpSink sink;
    Scene scene;
};

struct Fault {
    const char* name;
    std::vector<std::string> switches;
    const char* reason;  // what the queue says
};

class NextHopFails : public testing::TestWithParam<Fault> {};

TEST_P(NextHopFails, MailWaitsWithItsReason) {
    Sink world(GetParam().switches);
    world.scene.send(MessageText::fresh(), {"ann@example.com", "ben@example.com"});
    const auto queue = world.scene.deferred();
    for (const char* waits : {"ann@example.com", "ben@example.com", GetParam().reason})
        EXPECT_THAT(queue, HasSubstr(waits)) << world.scene.logs();
}

INSTANTIATE_TEST_SUITE_P(Each, NextHopFails,
                         testing::Values(Fault{"AtConnect", {"-q", "CONNECT"}, "451 4.4"},
                                         Fault{"AtHello", {"-q", "LHLO"}, "451 4.4"},
                                         Fault{"AtRecipients", {"-q", "RCPT"}, "451 4.4"},
                                         Fault{"AtTheEndOfData", {"-q", "."}, "451 4.4.2 No answer came"},
                                         Fault{"With421AtMail", {"-Q", "MAIL"}, "451 4"},
                                         Fault{"With450AtRecipients", {"-r", "RCPT"}, "450 4.3.0"},
                                         Fault{"With450AtTheEndOfData", {"-r", "."}, "450 4.3.0"}),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST(L8, FourHundredMailsOfPostfixArriveOnceEach) {
    Sink world({});
    const auto port = "inet:127.0.0.1:" + std::to_string(world.scene.postfix().port());
    rig::run_or_throw({"smtp-source", "-s", "10", "-m", "400", "-l", "4000", "-f", "sender@example.com", "-t",
                       "user@example.com", "-N", port});
    ASSERT_TRUE(world.scene.postfix().wait_for_empty_queue(std::chrono::seconds(120))) << world.scene.logs();
    const auto all = received(world.sink);
    EXPECT_THAT(all, SizeIs(400));
    EXPECT_THAT(all, Each(Pair(testing::_, 1)));
}

TEST(L8, FourHundredMailsOverTwentyConnectionsArriveOnceEach) {
    Sink world({});
    rig::run_or_throw({"smtp-source", "-L", "-d", "-s", "20", "-m", "400", "-l", "4000", "-f",
                       "sender@example.com", "-t", "user@example.com", "-N",
                       "unix:" + world.scene.socket().string()});
    const auto all = received(world.sink);
    EXPECT_THAT(all, SizeIs(400)) << world.scene.logs();
    EXPECT_THAT(all, Each(Pair(testing::_, 1)));
}

}  // namespace
}  // namespace mailrota::e2e
