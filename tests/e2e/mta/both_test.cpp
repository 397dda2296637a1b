// The milter in front of the queue and LMTP behind it, on one rota and one store.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/mta/scene.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::ElementsAre;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";

std::size_t turns(Scene& scene) {
    const auto history = scene.lmtp().mailrota({"rota", "history", "orders"});
    EXPECT_EQ(history.exit_code, 0) << history.errors;
    std::size_t count = 0;
    for (auto at = history.output.find("@example.com"); at != std::string::npos;
         at = history.output.find("@example.com", at + 1))
        ++count;
    return count;
}

/// A Postfix with both of them; the outer port asks the milter.
class Both : public testing::Test {
  protected:
    Both() : store_("sqlite:" + (folder_ / "state.db").string()), milter_(milter_configuration()) {
        SceneOptions options{std::string(policy)};
        options.store = store_;
        options.milter_on_first_listener = {"smtpd_milters=" + milter_.socket_for_postfix()};
        scene_.emplace(options);
    }

    std::string milter_configuration() const {
        return "[store]\nurl = \"" + store_ +
               "\"\nbusy = \"25s\"\n[listener.inbound]\nprotocol = \"milter\"\nsocket = \"{socket}\"\n"
               "[control]\nsocket = \"{folder}/milter.ctl\"\n" +
               std::string(policy);
    }

    rig::TemporaryFolder folder_;
    std::string store_;
    rig::MailrotaMilter milter_;
    std::optional<Scene> scene_;
};

TEST_F(Both, NothingIsDrawnTwice) {
    for (const char* member : {"ann", "ben", "cho", "ann"}) {
        const auto mail = MessageText::fresh();
        scene_->send(mail, {"orders@example.com"});
        EXPECT_THAT(scene_->arrivals(mail), ElementsAre(member)) << scene_->logs() << milter_.log();
    }
    EXPECT_EQ(turns(*scene_), 4U) << scene_->logs();
}

// The client sends it again by the port that the milter does not look at: the turn is the one it has.
TEST_F(Both, AMailThatComesByEitherEntranceHasOneTurn) {
    const auto mail = MessageText::fresh();
    scene_->send(mail, {"orders@example.com"});
    ASSERT_TRUE(rig::SmtpClient::to_port(scene_->postfix().port(1))
                    .send_mail("sender@example.com", {"orders@example.com"}, mail.text())
                    .accepted());
    EXPECT_THAT(scene_->arrivals(mail), ElementsAre("ann", "ann")) << scene_->logs() << milter_.log();
    EXPECT_EQ(turns(*scene_), 1U);
}

}  // namespace
}  // namespace mailrota::e2e
