// While something behind mailrota is away, mail waits in Postfix's queue with the reason, and goes out later.
#include <gmock/gmock.h>

#include "tests/e2e/mta/scene.h"
#include "tests/rig/postgresql.h"
#include "tests/rig/smtp_sink.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";

TEST(Away, WhileTheNextHopIsAwayMailWaitsAndIsDeliveredOnce) {
    Scene scene({std::string(policy)});
    scene.dovecot().stop();
    const auto mail = MessageText::fresh();
    scene.send(mail, {"ann@example.com", "ben@example.com"});
    EXPECT_THAT(scene.deferred(),
                AllOf(HasSubstr("ann@example.com"), HasSubstr("ben@example.com"), HasSubstr("451 4.4.1")))
        << scene.logs();
    scene.dovecot().start();
    EXPECT_TRUE(scene.flushed()) << scene.logs();
    EXPECT_THAT(scene.arrivals(mail), ElementsAre("ann", "ben")) << scene.logs();
}

TEST(Away, WhileMailrotaIsAwayMailWaits) {
    Scene scene({std::string(policy)});
    scene.lmtp().stop();
    const auto mail = MessageText::fresh();
    scene.send(mail, {"orders@example.com"});
    EXPECT_THAT(scene.deferred(), HasSubstr("orders@example.com")) << scene.logs();
    scene.lmtp().start();
    EXPECT_TRUE(scene.flushed()) << scene.logs();
    EXPECT_THAT(scene.arrivals(mail), ElementsAre("ann")) << scene.logs();
}

TEST(Away, WhileTheReinjectionIsAwayTheTurnIsKept) {
    Scene scene({std::string(policy)});
    const std::string right = scene.configuration();
    const std::string port = "smtp:127.0.0.1:" + std::to_string(scene.postfix().port(1));
    std::string wrong = right;
    const auto at = wrong.find("reinject = \"" + port);
    ASSERT_NE(at, std::string::npos);
    wrong.replace(at, 12 + port.size(), "reinject = \"smtp:127.0.0.1:1");
    scene.lmtp().write_config(wrong);
    scene.lmtp().restart();
    const auto first = MessageText::fresh();
    const auto second = MessageText::fresh();
    scene.send(first, {"orders@example.com"});
    EXPECT_THAT(scene.deferred(), AllOf(HasSubstr("orders@example.com"), HasSubstr("451 4.4.1")))
        << scene.logs();
    scene.send(second, {"orders@example.com", "dan@example.com"});
    EXPECT_THAT(scene.dovecot().wait_for_mail("dan"), testing::SizeIs(1)) << "what is kept does not wait";
    scene.deferred();
    scene.lmtp().write_config(right);
    scene.lmtp().restart();
    EXPECT_TRUE(scene.flushed()) << scene.logs();
    EXPECT_THAT(scene.arrivals(first), ElementsAre("ann")) << scene.logs();
    EXPECT_THAT(scene.arrivals(second), ElementsAre("ben", "dan")) << scene.logs();
}

TEST(Away, WhilePostgreSqlIsAwayNothingIsSent) {
    rig::PostgreSql postgresql;
    SceneOptions options{std::string(policy)};
    options.store = postgresql.create_database("rota");
    Scene scene(options);
    const auto before = MessageText::fresh();
    scene.send(before, {"orders@example.com"});
    EXPECT_THAT(scene.arrivals(before), ElementsAre("ann")) << scene.logs();

    postgresql.stop();
    const auto redirected = MessageText::fresh();
    const auto kept = MessageText::fresh();
    scene.send(redirected, {"orders@example.com"});
    scene.send(kept, {"dan@example.com"});
    EXPECT_THAT(scene.deferred(),
                AllOf(HasSubstr("orders@example.com"), HasSubstr("dan@example.com"), HasSubstr("4.3.0")))
        << scene.logs();
    EXPECT_EQ(scene.delivered(kept, "dan"), "");

    postgresql.start();
    EXPECT_TRUE(scene.flushed()) << scene.logs();
    EXPECT_THAT(scene.arrivals(redirected), ElementsAre("ben")) << scene.logs();
    EXPECT_THAT(scene.arrivals(kept), ElementsAre("dan")) << scene.logs();
}

}  // namespace
}  // namespace mailrota::e2e
