// What `mailrota message show` tells of a mail, by the queue id that stands in Postfix's log.
#include <gmock/gmock.h>

#include "tests/e2e/mta/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com"]
)";

/// The queue id of the mail for `recipient`, from Postfix's log.
std::string queue_id(const Scene& scene, const std::string& log, const std::string& recipient) {
    const auto end = log.find(": to=<" + recipient + ">");
    EXPECT_NE(end, std::string::npos) << scene.logs();
    const auto begin = log.rfind(' ', end) + 1;
    return log.substr(begin, end - begin);
}

TEST(Story, TellsWhoseTurnItWasWhereTheMailWentAndWhatWasAnswered) {
    SceneOptions options{std::string(policy)};
    options.main = {"lmtp_send_xforward_command = yes"};
    Scene scene(options);
    const auto mail = MessageText::fresh();
    scene.send(mail, {"orders@example.com", "missing@example.com"});
    EXPECT_THAT(scene.arrivals(mail), ElementsAre("ann")) << scene.logs();
    const auto id = queue_id(scene, scene.postfix().log(), "orders@example.com");
    const auto told = scene.lmtp().mailrota({"message", "show", id});
    EXPECT_EQ(told.exit_code, 0) << told.errors;
    EXPECT_THAT(told.output, AllOf(HasSubstr(id), HasSubstr("rota orders"), HasSubstr("ann@example.com"),
                                   HasSubstr("Ok: queued as"), HasSubstr("550 5.1.1 <missing@example.com>")))
        << told.output;
}

}  // namespace
}  // namespace mailrota::e2e
