#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"

// So many mails within so long, before anybody is called.
namespace mailrota::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AlertBurst : public AlertTest {
  protected:
    Scene& three_within_ten_minutes() {
        twilio().script("", {{.digits = {"1"}}});
        return scene({.alerts =
                          alert_text("emergency", step("ann"), "burst = { mails = 3, within = \"10m\" }")})
            .run();
    }
};

TEST_F(AlertBurst, TheMailThatCompletesItRingsOnceAndNoneBefore) {
    auto& host = three_within_ten_minutes();
    const auto first = raised().mail();
    host.send(first);
    host.send(first);  // the same mail again is no second one
    host.send(raised("86581", "Kim Loe").mail());
    host.send(raised("86582").mail());  // of another key
    EXPECT_EQ(host.incidents(), 0);
    host.send(raised("86581", "Sue Loe").mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    host.send(raised("86581", "Ann Poe").mail());
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(host.incidents(), 1);
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_THAT(twilio().calls().front().words(), HasSubstr("raised by Sue Loe"));
}

TEST_F(AlertBurst, MailsThatAreLongerAgoDoNotCount) {
    auto& host = three_within_ten_minutes();
    host.send(raised("86581", "Jim Roe").mail());
    host.send(raised("86581", "Kim Loe").mail());
    host.sql("UPDATE incident_trigger SET at = at - 601");
    host.send(raised("86581", "Sue Loe").mail());
    host.send(raised("86581", "Ann Poe").mail());
    EXPECT_EQ(host.incidents(), 0);
    host.send(raised("86581", "Tom Doe").mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
}

}  // namespace
}  // namespace mailrota::e2e
