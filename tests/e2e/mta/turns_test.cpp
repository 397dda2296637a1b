// Mail whose turn is drawn behind the queue: it is handed back to Postfix, comes by once more and is kept.
#include <gmock/gmock.h>

#include "tests/e2e/mta/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
[rota.sticky]
addresses = ["sticky@example.com"]
members   = ["ann@example.com", "ben@example.com"]
sticky    = { by = "thread", for = "30d" }
[rota.everybody]
addresses = ["everybody@example.com"]
strategy  = "all"
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
[rota.self]
addresses = ["dan@example.com"]
members   = ["dan@example.com"]
[[rule]]
when.rcpt = "ping@example.com"
then = [{ redirect = "pong@example.com" }]
[[rule]]
when.rcpt = "pong@example.com"
then = [{ redirect = "ping@example.com" }]
)";

class Turns : public testing::Test {
  protected:
    static void SetUpTestSuite() { shared = std::make_unique<Scene>(SceneOptions{std::string(policy)}); }
    static void TearDownTestSuite() { shared.reset(); }
    static Scene& scene() { return *shared; }
    static std::vector<std::string> arrivals(const MessageText& mail, const std::string& recipient) {
        scene().send(mail, {recipient + "@example.com"});
        return scene().arrivals(mail);
    }

  private:
    static inline std::unique_ptr<Scene> shared;
};

TEST_F(Turns, GoInTheOrderOfTheListAndTheMailCarriesTheTrace) {
    for (const char* member : {"ann", "ben", "cho", "ann", "ben", "cho"}) {
        const auto mail = MessageText::fresh();
        ASSERT_THAT(arrivals(mail, "orders"), ElementsAre(member)) << scene().logs();
        const auto text = scene().delivered(mail, member);
        const auto trace = text.find("X-Mailrota-Trace: ");
        ASSERT_NE(trace, std::string::npos) << text;
        const auto without = text.substr(0, trace) + text.substr(text.find("\n\n", trace) + 1);
        EXPECT_TRUE(without.ends_with(mail.text())) << "nothing else is changed:\n" << text;
    }
}

TEST_F(Turns, AReplyGoesToWhoeverHasTheConversation) {
    const auto first = MessageText::fresh();
    EXPECT_THAT(arrivals(first, "sticky"), ElementsAre("ann"));
    EXPECT_THAT(arrivals(MessageText::reply_to(first), "sticky"), ElementsAre("ann")) << scene().logs();
    EXPECT_THAT(arrivals(MessageText::fresh(), "sticky"), ElementsAre("ben"));
}

TEST_F(Turns, EverybodyGetsOneCopy) {
    EXPECT_THAT(arrivals(MessageText::fresh(), "everybody"), ElementsAre("ann", "ben", "cho"))
        << scene().logs();
}

TEST_F(Turns, AMemberBesideTheTeamsAddressGetsOneCopyOfEach) {
    const auto mail = MessageText::fresh();
    scene().send(mail, {"everybody@example.com", "dan@example.com", "office@example.com"});
    EXPECT_THAT(scene().arrivals(mail), ElementsAre("ann", "ben", "cho", "dan", "office")) << scene().logs();
}

TEST_F(Turns, TwoRulesThatRedirectToEachOtherEndInABounce) {
    const auto mail = MessageText::fresh();
    scene().send(mail, {"ping@example.com"}, "reports@example.com");
    EXPECT_THAT(scene().reports("reports"), HasSubstr("550 5.4.6 Mail loop")) << scene().logs();
    EXPECT_TRUE(scene().postfix().wait_for_empty_queue());
    EXPECT_EQ(scene().dovecot().mailbox("reports").size(), 1U);
}

}  // namespace
}  // namespace mailrota::e2e
