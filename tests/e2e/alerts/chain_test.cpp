#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"

// From a mail to whoever takes it on.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

using AlertChain = AlertTest;

TEST_F(AlertChain, AMailRingsAPhoneAndAKeyTakesItOn) {
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene().run();
    host.send(raised().mail());
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
    const auto call = twilio().wait_for_ended_calls().front();
    EXPECT_EQ(call.status, "completed");
    EXPECT_THAT(call.words(), AllOf(HasSubstr("Emergency ticket 8 6 5 8 1"), HasSubstr("raised by Jim Roe"),
                                    HasSubstr("Acknowledged")));
    EXPECT_THAT(host.delivered(), SizeIs(1));
    EXPECT_THAT(host.story(), AllOf(HasSubstr("opened"), HasSubstr("acknowledged by ")));
}

}  // namespace
}  // namespace mailrota::e2e
