#include "ctl/relay_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class EventCommand : public RelayFixture {
  protected:
    EventCommand() {
        auto bounced = event(Type::bounced, "ben@example.com");
        bounced.mta_response = "550 5.1.1 User not found";
        put(call());
        put({event(Type::delivered), bounced});
        settle();
    }
};

TEST_F(EventCommand, ListShowsTheNewestFirst) {
    put({event(Type::opened)});
    EXPECT_EQ(run({"event", "list"}), 0) << err;
    EXPECT_EQ(
        out,
        "SEQ  AT                   PROVIDER  EVENT      RECIPIENT        MAIL             WHAT\n"
        "3    2026-11-20 09:30:00  sg        opened     ann@example.com  not settled yet\n"
        "2    2026-11-20 09:30:00  sg        bounced    ben@example.com  0123456789ab     550 5.1.1 User "
        "not found\n"
        "1    2026-11-20 09:30:00  sg        delivered  ann@example.com  0123456789ab\n");
    EXPECT_EQ(run({"event", "list", "--limit", "1", "--json"}), 0);
    EXPECT_THAT(out, testing::StartsWith(R"([{"seq":3,"provider":"sg","mail":"","received":)"
                                         R"("2026-11-20T09:40:00Z","settled":false,)"));
    EXPECT_THAT(err, HasSubstr("these are the newest 1; there are more"));
}

TEST_F(EventCommand, ListIsNarrowedDown) {
    EXPECT_EQ(run({"event", "list", "--recipient", "BEN@example.com"}), 0);
    EXPECT_THAT(out, HasSubstr("bounced"));
    EXPECT_THAT(out, Not(HasSubstr("delivered")));
    EXPECT_EQ(run({"event", "list", "--type", "delivered"}), 0);
    EXPECT_THAT(out, Not(HasSubstr("bounced")));
    EXPECT_EQ(run({"event", "list", "--since", "2026-11-20T09:41"}), 0);
    EXPECT_EQ(out, "there are no such events\n");
    EXPECT_EQ(run({"event", "list", "--provider", "other", "--json"}), 0);
    EXPECT_EQ(out, "[]\n");
    EXPECT_EQ(run({"event", "list", "--type", "lost"}), 2);
    EXPECT_THAT(err, HasSubstr("--type \"lost\" is no type of events; there are: queued, sent,"));
    EXPECT_EQ(run({"event", "list", "--since", "teatime"}), 2);
}

TEST_F(EventCommand, ReplayMakesEventsNew) {
    EXPECT_EQ(run({"event", "replay", "--seq", "2"}), 0) << err;
    EXPECT_EQ(out, "1 event will be settled again by the worker\n");
    EXPECT_EQ(unsettled(), 1U);
    configure("[events]\ncommand = \"true\"\n");
    settle();
    EXPECT_EQ(run({"event", "replay", "--mail", "4XyZ"}), 0);
    EXPECT_EQ(out, "2 events will be settled and handed on again by the worker\n");
    EXPECT_EQ(unsettled(), 2U);
    settle();
    EXPECT_EQ(run({"event", "replay", "--since", "2026-11-20", "--type", "delivered", "--json"}), 0);
    EXPECT_EQ(out, "{\"replayed\":1,\"more\":false}\n");
    settle();
    EXPECT_EQ(run({"event", "replay", "--since", "2026-11-20", "--limit", "1"}), 0);
    EXPECT_THAT(err, HasSubstr("there are more"));
    EXPECT_EQ(unsettled(), 1U);
}

TEST_F(EventCommand, ReplaySaysWhatIsNotThere) {
    EXPECT_EQ(run({"event", "replay"}), 2);
    EXPECT_THAT(err, HasSubstr("which events? Give --mail, --seq or --since"));
    EXPECT_EQ(run({"event", "replay", "--mail", "4XyZ", "--seq", "1"}), 2);
    EXPECT_EQ(run({"event", "replay", "--seq", "1", "--seq", "99"}), 1);
    EXPECT_THAT(err, HasSubstr("not all of these numbers are known"));
    EXPECT_EQ(run({"event", "replay", "--mail", "nope"}), 1);
    EXPECT_THAT(err, HasSubstr("no mail is known by \"nope\""));
    EXPECT_EQ(run({"event", "replay", "--since", "2030-01-01"}), 1);
    EXPECT_THAT(err, HasSubstr("there are no such events"));
}

}  // namespace
}  // namespace mailrota::ctl
