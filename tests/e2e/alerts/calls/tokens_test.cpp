#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// Auth tokens that change: callbacks are signed with another one from one moment to the next.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto next_token = "00112233445566778899aabbccddeeff";

class CallTokens : public AlertTest {
  protected:
    void SetUp() override {
        AlertTest::SetUp();
        first_ = twilio().auth_token();
    }
    void TearDown() override {
        sign_with(first_);
        AlertTest::TearDown();
    }
    static void sign_with(const std::string& token) {
        rig::FakePhoneAccount account;
        account.auth_token = token;
        twilio().set(account);
    }
    static SceneOptions with_next() { return {.more_tokens = {next_token}}; }

  private:
    std::string first_;
};

TEST_F(CallTokens, EitherOfTwoIsTaken) {
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene(with_next()).run();
    host.send(raised("4001").mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    sign_with(next_token);
    host.send(raised("4002").mail());
    EXPECT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ann));
    EXPECT_THAT(host.logs(), Not(HasSubstr("call-refused")));
}

TEST_F(CallTokens, AThirdIsToldNothingAndChangesNothing) {
    expect_notices();  // of the pages that are not there
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene(with_next()).run();
    sign_with("ffeeddccbbaa99887766554433221100");
    host.send(raised("4003").mail());
    const auto calls = twilio().wait_for_ended_calls();
    ASSERT_THAT(calls, SizeIs(1));
    const auto nothing = rig::HttpClient(host.web_address()).get("/call/nothing/like/it").body;
    EXPECT_THAT(calls.front().events, Not(IsEmpty()));
    EXPECT_THAT(calls.front().events, Each(Field(&rig::FakeCallEvent::status, 404)));
    EXPECT_THAT(calls.front().events, Each(Field(&rig::FakeCallEvent::answer, nothing)));
    EXPECT_EQ(host.state_of(1), "open");
    EXPECT_THAT(host.logs(), HasSubstr("call-refused"));
    host.console({"incident", "ack", "1"});
    EXPECT_TRUE(host.at_rest());
}

}  // namespace
}  // namespace mailrota::e2e
