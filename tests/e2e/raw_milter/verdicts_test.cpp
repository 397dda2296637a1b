#include <libmilter/mfdef.h>

#include "tests/e2e/raw_milter/offer.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Removal {
    const char* name;
    const char* policy;
    std::vector<std::string> recipients;
    char verdict;
};
void PrintTo(const Removal& removal, std::ostream* out) { *out << removal.name; }

class M4 : public testing::TestWithParam<Removal> {};

TEST_P(M4, NeverAcceptedWithoutRecipients) {
    const MailrotaMilter milter(configuration(GetParam().policy));
    const auto message = mail_to(GetParam().recipients);
    const auto outcome = offer(milter, message);
    EXPECT_EQ(outcome.verdict.kind, GetParam().verdict) << outcome.verdict.text;
    if (outcome.verdict.goes_on()) {
        EXPECT_THAT(outcome.final_recipients(message), Not(IsEmpty()));
    } else {
        EXPECT_THAT(outcome.edits, IsEmpty());
    }
    if (outcome.verdict.kind == 'y') {
        EXPECT_THAT(outcome.verdict.text, HasSubstr("451 4.3.0"));
    }
}

constexpr const char* discard_ann =
    "[[rule]]\nwhen.rcpt = \"ann@example.com\"\nthen = [{ discard = true }]\n";
constexpr const char* nobody_there = R"(
[[rule]]
when.rcpt = "ann@example.com"
then = [{ discard = true }]
[rota.orders]
addresses = ["orders@example.com"]
member    = [{ address = "zoe@example.com", paused = true }]
)";

INSTANTIATE_TEST_SUITE_P(
    Removals, M4,
    testing::Values(Removal{"OnlyOneDiscarded", discard_ann, {"ann@example.com"}, 'd'},
                    Removal{"OneOfTwoDiscarded", discard_ann, {"ann@example.com", "ben@example.com"}, 'c'},
                    Removal{"NobodyAvailable", nobody_there, {"orders@example.com"}, 'y'},
                    Removal{
                        "DiscardedAndNobody", nobody_there, {"ann@example.com", "orders@example.com"}, 'y'},
                    Removal{"AllDiscardedButCopied",
                            "[[rule]]\nthen = [{ discard = true }, { copy = \"log@example.com\" }]\n",
                            {"ann@example.com"},
                            'c'}),
    [](const auto& removal) { return removal.param.name; });

TEST(M4, ADiscardedRecipientIsDeletedAndTheOtherStays) {
    const MailrotaMilter milter(configuration(discard_ann));
    EXPECT_THAT(recipients_of(milter, mail_to({"ann@example.com", "ben@example.com"})),
                ElementsAre("ben@example.com"));
}

constexpr std::string_view refuse_gone = R"(
[[rule]]
when.rcpt = "gone@example.com"
then = [{ reject = "Nobody of that name" }]
)";

TEST(M13, SmtpMailIsRefusedAtRcpt) {
    const MailrotaMilter milter(configuration(refuse_gone));
    const auto message = mail_to({"gone@example.com", "ann@example.com"});
    const auto outcome = offer(milter, message);
    EXPECT_EQ(outcome.recipients.at(0).text, "550 5.7.1 Nobody of that name");
    EXPECT_EQ(outcome.recipients.at(1).kind, 'c');
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("ann@example.com"));
}

// As Postfix shows mail of sendmail(1): no mailer, no brackets, a client that is itself.
TEST(M13, LocalMailIsNeverRefusedAtRcpt) {
    const MailrotaMilter milter(configuration(refuse_gone));
    auto message = mail_to({"gone@example.com"});
    message.client_name = "localhost";
    message.client_address = "127.0.0.1";
    message.sender = {"ann@example.com"};
    auto client = MilterClient::to(milter.socket());
    client.connect(message);
    client.helo(message);
    client.mail(message);
    client.send(SMFIC_RCPT, std::string("gone@example.com") + '\0');
    EXPECT_EQ(client.read_packet(), "c");
    for (const auto& [name, value] : message.headers) client.header(name, value);
    EXPECT_EQ(client.end_of_message(message).verdict.text, "550 5.7.1 Nobody of that name");
}

TEST(M15, MultiLineReplyWithPercentSigns) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
when.subject = "sale"
then = [{ reject = "100% off is %s.\nAsk {sender}.\n50 % more" }]
)"));
    auto message = mail_to({"ann@example.com"});
    message.headers.emplace_back("Subject", "sale");
    std::erase_if(message.headers, [](const auto& field) { return field.second == "A question"; });
    const auto outcome = offer(milter, message);
    EXPECT_EQ(outcome.verdict.kind, 'y');
    EXPECT_EQ(outcome.verdict.text,  // the MTA makes one % of two
              "550-5.7.1 100%% off is %%s.\r\n550-5.7.1 Ask sender@example.com.\r\n550 5.7.1 50 %% more");
}

constexpr std::string_view copies_subject = R"(
[[rule]]
then = [{ add_header = { name = "X-Copy", value = "{header.X-In}" } }]
)";

TEST(M11, ALargeHeaderComesIn) {
    const MailrotaMilter milter(configuration(orders_rota));
    auto message = mail_to({"orders@example.com"});
    message.headers.emplace_back("X-Large", std::string(60'000, 'x'));
    std::string folded;
    for (int line = 0; line < 800; ++line)
        folded += "word word word word word word word word word word word word word word word\n\t";
    message.headers.emplace_back("X-Folded", folded.substr(0, 59'530));
    EXPECT_THAT(recipients_of(milter, message), ElementsAre("ann@example.com"));
}

TEST(M11, ALargeHeaderGoesOut) {
    const MailrotaMilter milter(configuration(copies_subject));
    auto message = mail_to({"ann@example.com"});
    message.headers.emplace_back("X-In", std::string(59'000, 'x'));
    const auto values = added_headers(offer(milter, message), "X-Copy");
    ASSERT_THAT(values, testing::SizeIs(1));
    EXPECT_GT(values[0].size(), 7'000U) << "values are cut at 8,000 bytes";
    EXPECT_THAT(lines_with(values[0] + "\n", ""), testing::Each(testing::SizeIs(testing::Le(998U))));
}

// The recipient comes in a packet of the largest size; with a longer address in it, it cannot go out.
TEST(M11, AnEditThatCannotBeSentDefersAndIsNoGap) {
    const std::string member = std::string(60, 'a') + "@a-long-name.example.com";
    const MailrotaMilter milter(
        configuration("[[rule]]\nthen = [{ add_header = { name = \"X-Seen\", value = \"1\" } "
                      "}]\n[rota.orders]\naddresses = "
                      "[\"orders@example.com\"]\nmembers = [\"" +
                      member + "\"]\n"));
    auto message = mail_to({"orders@example.com"});
    message.recipients[0].push_back("ORCPT=rfc822;" + std::string(65'480, 'x'));
    const auto outcome = offer(milter, message);
    EXPECT_THAT(outcome.verdict.text, HasSubstr("451 4.3.0"));
    EXPECT_THAT(outcome.edits, IsEmpty());
    EXPECT_THAT(lines_with(milter.log(), "outcome=deferred"), testing::SizeIs(1)) << milter.log();
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre(member));
}

TEST(M11, ControlCharactersDoNotGetOut) {
    const MailrotaMilter milter(configuration(copies_subject));
    auto message = mail_to({"ann@example.com"});
    message.headers.emplace_back("X-In", "a\r\nX-Evil: 1\rX-Evil: 2\nX-Evil: 3\x01\x7f");
    const auto values = added_headers(offer(milter, message), "X-Copy");
    ASSERT_THAT(values, testing::SizeIs(1));
    std::string unfolded = values[0];
    for (auto at = unfolded.find('\n'); at != std::string::npos; at = unfolded.find('\n'))
        unfolded.replace(at, unfolded.substr(at + 1, 1) == "\t" ? 2 : 1,
                         unfolded.substr(at + 1, 1) == "\t" ? " " : "\r");
    EXPECT_THAT(unfolded, testing::Each(testing::Ge(' '))) << "a line that does not continue, or a control";
}

TEST(M11, ANulInAHeaderKillsNothing) {
    const MailrotaMilter milter(configuration(orders_rota));
    const std::string nul(1, '\0');
    for (const auto& payload :
         {"Subject" + nul + "a" + nul + "b" + nul, "Sub" + nul + "ject" + nul + "a" + nul, nul + nul,
          std::string("no NUL at all"), "OnlyName" + nul}) {
        try {
            auto message = mail_to({"orders@example.com"});
            auto client = MilterClient::to(milter.socket());
            client.connection().set_timeout(std::chrono::seconds(5));
            client.mail(message);
            client.rcpt(message, 0);
            client.send(SMFIC_HEADER, payload);
            client.end_of_message(message);
        } catch (const std::runtime_error&) {  // a broken packet may end the session
        }
        ASSERT_TRUE(milter.running());
    }
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), testing::SizeIs(1));
}

}  // namespace
}  // namespace mailrota::rig
