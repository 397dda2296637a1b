// Mail that stays with its recipient: Postfix, mailrota-lmtp, Dovecot.
#include <gmock/gmock.h>

#include <sstream>

#include "tests/e2e/mta/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view policy = R"(
[[rule]]
when.rcpt = "later@example.com"
when.subject = "*"
then = [{ defer = "come again" }]
[[rule]]
when.rcpt = "closed@example.com"
then = [{ reject = "closed for ever" }]
[[rule]]
when.rcpt = "marked@example.com"
then = [{ add_header = { name = "X-Mark", value = "{rcpt}" } }, { redirect = "dan@example.com" }]
)";

class Keep : public testing::Test {
  protected:
    static void SetUpTestSuite() { shared = std::make_unique<Scene>(SceneOptions{std::string(policy)}); }
    static void TearDownTestSuite() { shared.reset(); }
    static Scene& scene() { return *shared; }

  private:
    static inline std::unique_ptr<Scene> shared;
};

/// Nothing of it may change: odd blanks and folds, 8-bit bytes, dots, long lines, no end of line at MIME's
/// boundary.
MessageText difficult() {
    auto mail = MessageText::fresh("a  b\t c");
    mail.more = {{"X-Folded", "one\n  two\n\tthree "},
                 {"x-odd-CASE", "=?utf-8?q?not_touched?="},
                 {"X-Empty", ""},
                 {"X-Bytes", "gr\xc3\xbc\xc3\x9f \xe4\xff"},
                 {"MIME-Version", "1.0"},
                 {"Content-Type", "multipart/mixed; boundary=\"=_b\""}};
    mail.body = "preamble\n--=_b\n\n.\n..two dots\n. \nFrom here\n \n\ttab \x01\x7f\xfe\xff\n" +
                std::string(900, 'x') + "\n\n\n--=_b--\n\nepilogue   \n\n\n";
    return mail;
}

/// The names of the header fields before `end`.
std::vector<std::string> names_before(const std::string& text, std::size_t end) {
    std::vector<std::string> names;
    std::istringstream lines(text.substr(0, end));
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with(' ') && !line.starts_with('\t'))
            names.push_back(line.substr(0, line.find(':')));
    return names;
}

TEST_F(Keep, HeaderAndBodyPassByteForByte) {
    const auto mail = difficult();
    scene().send(mail, {"ann@example.com"});
    ASSERT_THAT(scene().arrivals(mail), ElementsAre("ann")) << scene().logs();
    const auto text = scene().delivered(mail, "ann");
    ASSERT_TRUE(text.ends_with(mail.text())) << text;
    EXPECT_THAT(names_before(text, text.size() - mail.text().size()),
                ElementsAre("Return-Path", "Delivered-To", "Received", "Received"))
        << "Dovecot's fields and Postfix's Received, nothing of ours";
}

TEST_F(Keep, WordsOfDovecotAreInTheBounceVerbatim) {
    scene().send(MessageText::fresh(), {"nobody@example.com"}, "plain@example.com");
    const auto bounce = scene().reports("plain");
    EXPECT_THAT(bounce, HasSubstr("smtp; 550 5.1.1 <nobody@example.com> User doesn't exist:\n    "
                                  "nobody@example.com"))
        << scene().logs();
    EXPECT_THAT(bounce, HasSubstr("Status: 5.1.1"));
    EXPECT_THAT(bounce, HasSubstr("Final-Recipient: rfc822; nobody@example.com"));
}

// L1: each of a mail's recipients has a reply of its own, at RCPT or after DATA.
TEST_F(Keep, L1OnlyWhoIsDeferredWaitsAndOnlyWhoIsRefusedBounces) {
    const auto mail = MessageText::fresh();
    scene().send(mail,
                 {"ann@example.com", "missing@example.com", "later@example.com", "closed@example.com",
                  "ben@example.com"},
                 "told@example.com");
    const auto bounce = scene().reports("told");
    EXPECT_THAT(bounce, HasSubstr("Final-Recipient: rfc822; missing@example.com")) << scene().logs();
    EXPECT_THAT(bounce, HasSubstr("Final-Recipient: rfc822; closed@example.com"));
    EXPECT_THAT(bounce, HasSubstr("closed for ever"));
    for (const char* other : {"later", "ann", "ben"})
        EXPECT_THAT(bounce, Not(HasSubstr("Final-Recipient: rfc822; " + std::string(other))));
    const auto queue = scene().deferred();
    EXPECT_THAT(queue, HasSubstr("\"address\": \"later@example.com\""));
    EXPECT_THAT(queue, HasSubstr("come again"));
    for (const char* other : {"missing", "closed", "ann", "ben"})
        EXPECT_THAT(queue, Not(HasSubstr(std::string(other) + "@example.com")));
    rig::run_or_throw({"postsuper", "-c", scene().postfix().config(), "-d", "ALL"});
    EXPECT_THAT(scene().arrivals(mail), ElementsAre("ann", "ben")) << scene().logs();
}

TEST_F(Keep, TwoEqualMailsBothArrive) {
    const auto mail = MessageText::fresh();
    for (int i = 0; i < 2; ++i) scene().send(mail, {"ann@example.com"});
    EXPECT_THAT(scene().arrivals(mail), ElementsAre("ann", "ann")) << scene().logs();
}

TEST_F(Keep, ARulesEditIsAllThatChanges) {
    const auto mail = difficult();
    scene().send(mail, {"marked@example.com"});
    ASSERT_THAT(scene().arrivals(mail), ElementsAre("dan")) << scene().logs();
    const auto text = scene().delivered(mail, "dan");
    EXPECT_THAT(text, HasSubstr("X-Mark: marked@example.com\n"));
    EXPECT_TRUE(text.ends_with(mail.body)) << text;
    EXPECT_THAT(text, HasSubstr("X-Folded: one\n  two\n\tthree \nx-odd-CASE: =?utf-8?q?not_touched?=\n"));
}

TEST_F(Keep, SwaksSpeaksLmtpWithIt) {
    const auto result = rig::run({"swaks", "--protocol", "LMTP", "--socket", scene().socket(), "--from",
                                  "sender@example.com", "--to", "cho@example.com,nobody@example.com",
                                  "--header", "Subject: by swaks", "--body", "Hello."});
    EXPECT_THAT(result.output, HasSubstr("250-PIPELINING"));
    EXPECT_THAT(result.output, HasSubstr("<-  250 2.0.0 <cho@example.com>"));
    EXPECT_THAT(result.output, HasSubstr("550 5.1.1 <nobody@example.com>"));
    EXPECT_THAT(scene().dovecot().wait_for_mail("cho"), ElementsAre(HasSubstr("Subject: by swaks")));
}

}  // namespace
}  // namespace mailrota::e2e
