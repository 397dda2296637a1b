#include "ctl/relay_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class SuppressionCommand : public RelayFixture {
  protected:
    std::string file(const std::string& text) const {
        std::ofstream(folder.path() / "list") << text;
        return folder.path() / "list";
    }
};

TEST_F(SuppressionCommand, WhoIsAddedIsListedAndWhoIsRemovedIsNot) {
    EXPECT_EQ(run({"suppression", "list"}), 0);
    EXPECT_EQ(out, "nobody is on the suppression list\n");
    change([](auto& transaction) {
        return transaction.suppress({"ann@example.com", "bounced", "sg", "550 5.1.1 unknown", at(-60)});
    });
    EXPECT_EQ(run({"suppression", "add", "ben@example.com", "ANN@example.com", "--note", "by phone"}), 0);
    EXPECT_EQ(out,
              "ben@example.com: no provider is to send to it any more\n"
              "ANN@example.com: is on the list already (bounced, told by sg: 550 5.1.1 unknown)\n");
    EXPECT_EQ(run({"suppression", "list"}), 0);
    EXPECT_EQ(out,
              "ADDRESS          REASON   TOLD BY  AT                   DETAIL\n"
              "ann@example.com  bounced  sg       2026-11-20 09:00:00  550 5.1.1 unknown\n"
              "ben@example.com  manual   by hand  2026-11-20 10:00:00  by phone\n");
    EXPECT_EQ(run({"suppression", "list", "--limit", "1"}), 0);
    EXPECT_EQ(err, "mailrota: there are more: --after ann@example.com\n");
    EXPECT_EQ(run({"suppression", "list", "--after", "ann@example.com", "--json"}), 0);
    EXPECT_EQ(out, R"([{"address":"ben@example.com","reason":"manual","provider":"","detail":"by phone",)"
                   R"("at":"2026-11-20T10:00:00Z"}])"
                   "\n");
    EXPECT_EQ(run({"suppression", "remove", "Ann@Example.com", "cho@example.com"}), 1);
    EXPECT_EQ(out,
              "Ann@Example.com: may be sent to again; it was on the list (bounced, told by sg: 550 5.1.1 "
              "unknown)\n");
    EXPECT_EQ(err, "mailrota: cho@example.com: is not on the list\n");
}

TEST_F(SuppressionCommand, WhatIsNoAddressChangesNothing) {
    EXPECT_EQ(run({"suppression", "add", "ann@example.com", "no address"}), 2);
    EXPECT_THAT(err, HasSubstr("\"no address\": "));
    EXPECT_EQ(run({"suppression", "add", "ann@example.com", "--reason", "whim"}), 2);
    EXPECT_EQ(run({"suppression", "list"}), 0);
    EXPECT_EQ(out, "nobody is on the suppression list\n");
}

TEST_F(SuppressionCommand, ImportCountsNewKnownAndInvalid) {
    const auto list = file("# ours\nann@example.com\r\n\n  ben@example.com  \nnot one\nANN@example.com\n");
    EXPECT_EQ(run({"suppression", "import", list}), 1);
    EXPECT_EQ(out, "2 new, 1 on the list already, 1 invalid\n");
    EXPECT_THAT(err, HasSubstr("list:5: "));
    EXPECT_EQ(run({"suppression", "import", list, "--json"}), 1);
    EXPECT_THAT(out, HasSubstr(R"({"new":0,"known":3,"invalid":1,"lines":[{"line":5,"text":)"));
    EXPECT_THAT(err, IsEmpty());
    EXPECT_EQ(run({"suppression", "import", file("")}), 0);
    EXPECT_EQ(out, "0 new, 0 on the list already, 0 invalid\n");
    EXPECT_EQ(run({"suppression", "import", folder.path() / "missing"}), 1);
    EXPECT_THAT(err, HasSubstr("missing: cannot be read"));
}

TEST_F(SuppressionCommand, ImportTakesWhatAProviderExports) {
    EXPECT_EQ(run({"suppression", "import", "--reason", "bounced",
                   file("\xef\xbb\xbfstatus,reason,Email,created\r\n"
                        "5.1.1,\"550 5.1.1 \"\"ann\"\"\nis unknown\",ann@example.com,1700000000\r\n"
                        "5.0.0,,,1700000000\r\n")}),
              1);
    EXPECT_THAT(err, HasSubstr("list:4: there is no address"));
    EXPECT_EQ(run({"suppression", "list"}), 0);
    EXPECT_THAT(out, HasSubstr("ann@example.com  bounced  by hand  2026-11-20 10:00:00  550 5.1.1 \"ann\" is "
                               "unknown\n"));
    EXPECT_EQ(run({"suppression", "import", file("name;since\nAnn;2020\n")}), 1);
    EXPECT_THAT(err, HasSubstr("list:1: no column is named \"email\""));
}

TEST_F(SuppressionCommand, ImportOfManyIsWhole) {
    std::string text;
    for (int i = 0; i < 1'234; ++i) text += "a" + std::to_string(i) + "@example.com\n";
    EXPECT_EQ(run({"suppression", "import", file(text)}), 0);
    EXPECT_EQ(out, "1234 new, 0 on the list already, 0 invalid\n");
}

}  // namespace
}  // namespace mailrota::ctl
