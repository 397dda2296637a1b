#include "core/config/config.h"
#include "ctl/mails_fixture.h"

namespace mailrota::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ImportProcmail : public MailsFixture {
  protected:
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(folder.path() / name) << text;
        return folder.path() / name;
    }
    // What is printed passes `mailrota check`.
    int import(const std::string& text, const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments{"import", "procmailrc", file("rc", text)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const int code = run(arguments);
        if (code != 0) return code;
        const auto loaded = config::load(
            out, "made.toml", [](const std::string&) { return Result<std::string>("Good luck.\n"); });
        for (const auto& diagnostic : loaded.diagnostics)
            ADD_FAILURE() << diagnostic.to_string() << '\n' << out;
        return code;
    }
    std::string remark(int line, const std::string& text) const {
        return (folder.path() / "rc").string() + ":" + std::to_string(line) + ": " + text;
    }
};

// The form of the recipes that call by telephone: an outer block, variables that are cut out of the mail, a
// spoken text, a lock, a pipe.
constexpr const char* calling = R"(SHELL=/bin/sh
LUCK="/srv/calls/luck"
SCRIPT="/srv/calls/call.sh"

# Raised.
:0B
* ^Priority changed from [A-Za-z]* to Emergency \(Critical\)$
{
  :0B
  {
    WHO=`sed -e '1,/^$/ d' | grep -m 1 "Issue \#[0-9]* has been \(updated\|reported\) by" | cut -d " " -f 7,8`
    PROJECT=`formail -xX-Redmine-Project: | sed -e 's/^ *//'`
    ISSUE=`sed -e '1,/^$/ d' | grep -m 1 "Issue \#[0-9]* has been \(updated\|reported\) by" | cut -d " " -f 2`
    BYE=`shuf -n 1 ${LUCK}`
    SPOKEN="<Response>\n<Say voice=\"woman\" loop=\"3\">Ticket ${ISSUE} of ${PROJECT} was raised by ${WHO}. ${BYE}!</Say></Response>"
    :0w:calls-raised.lock
    | echo "${SPOKEN}" > /srv/calls/said.xml && bash ${SCRIPT}
  }
}

:0H
* ^Subject:.*\(New\)
{
  :0BA
  * ^\* Priority: Emergency \(Critical\)$
  {
    :0w:calls-new.lock
    | bash ${SCRIPT}
  }
}

:0
/dev/null
)";

TEST_F(ImportProcmail, RecipesThatCallBecomeAlertsAndRules) {
    EXPECT_EQ(import(calling), 0) << err;
    EXPECT_THAT(
        out, HasSubstr("[alert.calls-raised]\n"
                       "say         = 'Ticket {issue} of {header.X-Redmine-Project} was raised by {who}.'\n"
                       "key         = '{issue}'\n"
                       "acknowledge = \"answer\"\n"));
    EXPECT_THAT(out, HasSubstr("luck        = { file = '/srv/calls/luck' }\n"));
    EXPECT_THAT(
        out, HasSubstr("    { body = '/^Priority changed from [A-Za-z]* to Emergency \\(Critical\\)$/mi' },\n"
                       "    { body = '/Issue #(?<issue>[0-9]*) has been (?:updated|reported) by "
                       "(?<who>.+?)\\.?\\s*$/im' },\n"
                       "]\nthen = [{ alert = \"calls-raised\" }]\n"));
    EXPECT_THAT(out, HasSubstr("    { header.Subject = '/\\(New\\)/i' },\n"
                               "    { body = '/^\\* Priority: Emergency \\(Critical\\)$/mi' },\n"));
    EXPECT_THAT(out, HasSubstr("[alert.calls-new]\nsay         = '{subject}'\n"));
    EXPECT_THAT(err, HasSubstr(remark(16, "the lock file is not needed")));
    EXPECT_THAT(err, HasSubstr(remark(33, "throwing mail away is not turned")));
    EXPECT_THAT(err, HasSubstr("flag w has no meaning here"));
}

TEST_F(ImportProcmail, NumbersAndWaitsComeFromTheVariables) {
    const auto vars =
        file("main.yml",
             "---\naccount_sid: \"AC0123456789abcdef0123456789abcdef\"\n"
             "auth_token: \"a-secret-token\"\ntwilionumber: \"+1 (555) 010-0100\"\nwaittime: 120\n");
    const auto phones = file("phones.sh", "#!/bin/sh\nexport oncall=\"+15550101\"\nbackup='5550100102'\n");
    EXPECT_EQ(import(calling, {"--vars", vars, "--vars", phones}), 0) << err;
    EXPECT_THAT(out, AllOf(HasSubstr("account = \"AC0123456789abcdef0123456789abcdef\"\n"),
                           HasSubstr("from    = \"+15550100100\"\n"),
                           HasSubstr("[rota.oncall]\nmembers = [{ phone = \"+15550101\" }]\n"),
                           HasSubstr("[rota.backup]\nmembers = [{ phone = \"+15550100102\" }]\n"),
                           HasSubstr("{ rota = \"oncall\", tries = 3, wait = \"120s\", redial = \"120s\" }"),
                           HasSubstr("{ rota = \"backup\", tries = 2, wait = \"120s\", redial = \"120s\" }"),
                           Not(HasSubstr("tertiary"))));
    EXPECT_THAT(err, HasSubstr("5550100102: taken for a number of North America"));
    EXPECT_THAT(err, HasSubstr("auth_token: it is not copied"));
    EXPECT_THAT(out + err, Not(HasSubstr("a-secret-token")));
    EXPECT_EQ(import(calling, {"--vars", file("vault", "$ANSIBLE_VAULT;1.1;AES256\n6162\n")}), 1);
    EXPECT_THAT(err, HasSubstr("it is encrypted"));
}

TEST_F(ImportProcmail, ConditionsKeepTheirMeaning) {
    EXPECT_EQ(import(":0HBD\n"
                     "* ^Subject: *down\\>\n"
                     "* ! ^(X-Loop|List-Id):\n"
                     "* > 1000\n"
                     "* < 20000\n"
                     "* B ?? {a/b}\n"
                     "* H ?? ^TO_ann@example\\.com\n"
                     "* HB ?? it's\n"
                     "| /usr/local/bin/ring\n"),
              0)
        << err;
    EXPECT_THAT(
        out,
        HasSubstr("{ any = [{ header.Subject = '/^down\\b/' }, { body = '/^Subject: *down\\b/m' }] },\n"
                  "    { not = { any = [{ any = [{ header.X-Loop = \"*\" }, { header.List-Id = \"*\" }] }, "
                  "{ body = '/^(X-Loop|List-Id):/m' }] } },\n"
                  "    { size = \">1000\" },\n    { size = \"<20000\" },\n"
                  "    { body = '/\\{a\\/b\\}/m' },\n"
                  "    { any = [{ header.To = '/\\bann@example\\.com/' }, "));
    EXPECT_THAT(out, HasSubstr("    { body = \"/it's/m\" },\n"));
    EXPECT_THAT(err, HasSubstr(remark(8, "is looked for in the body only, not in the header")));
    EXPECT_THAT(out, HasSubstr("[alert.recipe-1]\n"));
}

TEST_F(ImportProcmail, WhatCannotBeTurnedIsSaidAndCallsForNothingElse) {
    EXPECT_EQ(import(":0\n* ? test -f /tmp/quiet\n| ring\n"
                     ":0\n* ^Subject:.*down\n* $ ^From:.*$ME\n| ring\n"
                     ":0\n* 2^1 ^Subject:.*down\n| ring\n"
                     ":0\n| ring\n"
                     ":0 fw\n* ^Subject:.*down\n| formail -A X-Seen\n"
                     ":0\n* ^From:.*ann\n! ben@example.com\n"
                     ":0\n* ^FROM_DAEMON\n| ring\n"
                     ":0 E\n* ^Subject:.*up\n| ring\n"
                     "INCLUDERC=/etc/more\nwhat is this\n}\n"),
              1);
    EXPECT_THAT(out, IsEmpty());
    EXPECT_THAT(
        err,
        AllOf(HasSubstr(remark(2, "the condition \"? test -f /tmp/quiet\" is not turned: it asks a program")),
              HasSubstr(remark(1, "no rule is made of this recipe: it would call for other mail, too")),
              HasSubstr(remark(6, "the condition \"$ ^From:.*$ME\" is not turned")),
              HasSubstr(remark(9, "the condition \"2^1 ^Subject:.*down\" is not turned: it has a score")),
              HasSubstr(remark(11, "no rule is made of this recipe: every mail would call")),
              HasSubstr(remark(15, "a filter (flag f) is not turned")),
              HasSubstr(remark(18, "forwarding is not turned"))));
    EXPECT_THAT(err, AllOf(HasSubstr("^FROM_DAEMON has no counterpart"),
                           HasSubstr(remark(22, "depends on the recipe before it")),
                           HasSubstr(remark(25, "INCLUDERC: that file is not read")),
                           HasSubstr(remark(26, "is no recipe and no variable")),
                           HasSubstr(remark(27, "a } without its {"))));
    EXPECT_THAT(err, HasSubstr("no recipe could be turned"));
}

TEST_F(ImportProcmail, WhatOnlyHandlesMailCallsNobody) {
    EXPECT_EQ(import(":0 c\n* ^Subject:.*down\n| /usr/bin/vacation ann\n"), 1);
    EXPECT_THAT(err, HasSubstr(remark(3, "what handles mail calls nobody, and is not turned")));
}

TEST_F(ImportProcmail, WhateverTheFileHoldsIsReadToItsEnd) {
    std::string deep;
    for (int i = 0; i < 1'000; ++i) deep += ":0\n* ^Subject:.*x\n{\n";
    for (const std::string& text :
         {deep, std::string(":0"), std::string(":0\n*"), std::string(":0\n* ^S:[\n|x"),
          std::string("\\\n\\\n"), std::string(":0\n{ A=1 }\n"), std::string(":0\n* ^S:((\n|x"),
          std::string(":0\n* ^Subject:a**b++\n| x\\")})
        EXPECT_THAT(import(text), testing::AnyOf(0, 1)) << err;
    EXPECT_EQ(run({"import", "procmailrc", folder.path() / "missing"}), 1);
}

}  // namespace
}  // namespace mailrota::ctl
