#include "ctl/incident_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class AlertTest : public IncidentFixture {};

TEST_F(AlertTest, TellsWhatIsSpokenToWhomAndWhen) {
    EXPECT_EQ(run({"alert", "test", "disk", "it is full", "--set", "ticket=4711"}), 0) << err;
    EXPECT_EQ(out,
              "ALERT        disk\n"
              "severity     critical\n"
              "key          4711\n"
              "spoken       Ticket 4 7 1 1: it is full.\n"
              "SMS          Ticket 4711: it is full.\n"
              "taken on by  answer\n"
              "\nif nobody reacts\n"
              "  AFTER    AT                   TO         WHAT\n"
              "  at once  2026-11-20 10:00:00  +15550101  step 1 of 2: call to Ann, try 1 of 2\n"
              "  1m 30s   2026-11-20 10:01:30  +15550101  step 1 of 2: call to Ann, try 2 of 2\n"
              "  3m       2026-11-20 10:03:00  +15550102  step 2 of 2: SMS to Ben, try 1 of 1\n"
              "  8m       2026-11-20 10:08:00  -          nobody has acknowledged it\n");
}

TEST_F(AlertTest, NothingIsWrittenDown) {
    EXPECT_EQ(run({"alert", "test", "disk", "it is full"}), 0) << err;
    EXPECT_EQ(run({"incident", "list", "--all"}), 0);
    EXPECT_EQ(out, "there are no incidents\n");
}

TEST_F(AlertTest, KnowsWhoIsAwayAndWhomNobodyCanCall) {
    change([](store::Transaction& transaction) { return transaction.bar(ann, "not a number", at(60)); });
    EXPECT_EQ(run({"alert", "test", "disk", "it is full"}), 0) << err;
    EXPECT_THAT(out, Not(HasSubstr("call to Ann")));
    EXPECT_THAT(out, HasSubstr("+15550102"));
}

TEST_F(AlertTest, SaysIfAnIncidentOfThisKeyIsLive) {
    open("4711");
    EXPECT_EQ(run({"alert", "test", "disk", "again", "--key", "4711", "--json"}), 0) << err;
    EXPECT_THAT(out, HasSubstr(R"("live":1)"));
    EXPECT_EQ(run({"alert", "test", "disk", "again", "--key", "4711"}), 0);
    EXPECT_THAT(out, HasSubstr("incident 1 of this key is open: nobody would be called for it\n"));
}

TEST_F(AlertTest, IsToldForAnyTime) {
    EXPECT_EQ(run({"alert", "test", "disk", "x", "--at", "2026-12-24T03:30:00Z"}), 0) << err;
    EXPECT_THAT(out, HasSubstr("at once  2026-12-24 03:30:00  +15550101"));
    EXPECT_EQ(run({"alert", "test", "disk", "x", "--at", "soon"}), 2);
    EXPECT_EQ(run({"alert", "test", "none", "x"}), 1);
}

}  // namespace
}  // namespace mailrota::ctl
