#include "ctl/mails_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;

class BoxCommand : public MailsFixture {
  protected:
    // Three mails, of which the oldest is leased.
    void fill() {
        change([&](auto& transaction) -> Result<void> {
            auto put = transaction.put_in_box(item("i1", "ann@example.com", -60), "x");
            if (put) put = transaction.put_in_box(item("i2", "ben@example.com", -50), "x");
            if (put) put = transaction.put_in_box(item("i3", "cho@example.com", -40), "x");
            if (!put) return put;
            const auto leased = transaction.lease_box("web", 1, 100, "token-that-is-secret", now, at(10));
            if (!leased) return tl::unexpected(leased.error());
            return transaction.add_story({mail_id, "", "leased", "box web to puller.example.net", now});
        });
    }
};

TEST_F(BoxCommand, ListCountsEachBox) {
    fill();
    EXPECT_EQ(run({"box", "list"}), 0);
    EXPECT_EQ(out,
              "BOX    WAITING  LEASED  SIZE     OLDEST\n"
              "web    2        1       12.3 KB  2026-11-20 09:00:00 (1h ago)\n"
              "empty  0        0       0 bytes  -\n");
    EXPECT_EQ(run({"box", "list", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"({"name":"web","waiting":2,"leased":1,"bytes":12288,)"));
}

TEST_F(BoxCommand, ShowTellsWhoHasALeaseAndWhatGoesNext) {
    fill();
    EXPECT_EQ(run({"box", "show", "web", "--limit", "1"}), 0);
    EXPECT_EQ(
        out,
        "BOX      web\n"
        "waiting  2\n"
        "leased   1\n"
        "size     12.3 KB\n"
        "oldest   2026-11-20 09:00:00 (1h ago)\n"
        "\n"
        "LEASE     MAILS  UNTIL                TAKEN\n"
        "token-th  1      2026-11-20 10:10:00  box web to puller.example.net\n"
        "\n"
        "NEXT          QUEUED               EXPIRES  SIZE    LEASES  FROM                  TO               "
        "STATE\n"
        "0123456789ab  2026-11-20 09:10:00  in 1d    4.1 KB  0       customer@example.net  ben@example.com  "
        "free\n");
    EXPECT_EQ(run({"box", "show", "web", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("leases":[{"lease":"token-th","mails":1,)"));
    EXPECT_THAT(out, HasSubstr(R"("recipients":["cho@example.com"])"));
}

TEST_F(BoxCommand, ABoxThatIsUnknownIsToldWithThoseThatAre) {
    EXPECT_EQ(run({"box", "show", "nope"}), 1);
    EXPECT_EQ(err, "mailrota: there is no box \"nope\"; there are: web, empty\n");
}

TEST_F(BoxCommand, WhatIsLeftInABoxThatIsNotConfiguredAnyMoreIsShown) {
    auto left = item("i1", "ann@example.com");
    left.box = "old";
    change([&](auto& transaction) { return transaction.put_in_box(left, "x"); });
    EXPECT_EQ(run({"box", "show", "old"}), 0);
    EXPECT_THAT(out, HasSubstr("waiting  1"));
    EXPECT_THAT(err, HasSubstr("nobody can fetch this"));
}

}  // namespace
}  // namespace mailrota::ctl
