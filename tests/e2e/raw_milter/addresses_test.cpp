#include "tests/e2e/raw_milter/offer.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

MilterMessage with_raw_recipients(const std::vector<std::vector<std::string>>& recipients) {
    auto message = mail_to({});
    message.recipients = recipients;
    return message;
}

struct AddressForm {
    const char* name;
    const char* raw;
};
void PrintTo(const AddressForm& form, std::ostream* out) { *out << form.raw; }

class M1 : public testing::TestWithParam<AddressForm> {
  protected:
    static void SetUpTestSuite() {
        milter_ = new MailrotaMilter(configuration(R"(
[rota.orders]
addresses = ["orders@example.com", "b\u00fcro@example.com", '"order desk"@example.com']
members   = ["ann@example.com"]
[[rule]]
when.rcpt = "postmaster"
then = [{ rota = "orders" }]
)"));
    }
    static void TearDownTestSuite() { delete std::exchange(milter_, nullptr); }
    static MailrotaMilter* milter_;
};
MailrotaMilter* M1::milter_ = nullptr;

TEST_P(M1, EditsCarryTheReceivedBytes) {
    const auto message = with_raw_recipients({{GetParam().raw}});
    const auto outcome = offer(*milter_, message);
    EXPECT_EQ(outcome.verdict.kind, 'c') << outcome.verdict.text;
    EXPECT_THAT(edited(outcome, '-'), ElementsAre(GetParam().raw));
    EXPECT_THAT(edited(outcome, '+'), ElementsAre("<ann@example.com>"));
}

INSTANTIATE_TEST_SUITE_P(Forms, M1,
                         testing::Values(AddressForm{"Plain", "<orders@example.com>"},
                                         AddressForm{"WrongCase", "<Orders@EXAMPLE.com>"},
                                         AddressForm{"Unbracketed", "orders@example.com"},
                                         AddressForm{"NeedlesslyQuoted", "<\"orders\"@example.com>"},
                                         AddressForm{"Quoted", "<\"order desk\"@example.com>"},
                                         AddressForm{"Unqualified", "<postmaster>"},
                                         AddressForm{"Utf8", "<b\xc3\xbcro@example.com>"}),
                         [](const auto& form) { return form.param.name; });

TEST(M2, ExactlyTheTeamsRecipientGoes) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto message = mail_to({"order@example.com", "ben@example.com", "orders@example.com",
                                  "orders@example.org", "orders@sub.example.com", "cho@example.com"});
    const auto outcome = offer(milter, message);
    EXPECT_THAT(edited(outcome, '-'), ElementsAre("<orders@example.com>"));
    EXPECT_THAT(outcome.final_recipients(message),
                UnorderedElementsAre("order@example.com", "ben@example.com", "orders@example.org",
                                     "orders@sub.example.com", "cho@example.com", "ann@example.com"));
}

TEST(M3, AssigneeWhoIsARecipientAlreadyGetsOneCopy) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto message = mail_to({"orders@example.com", "Ann@example.com"});
    const auto outcome = offer(milter, message);
    EXPECT_THAT(edited(outcome, '+'), IsEmpty());
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("Ann@example.com"));
}

TEST(M3, TeamNamedTwiceGivesOneCopyAndBothFormsGo) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto message = mail_to({"orders@example.com", "ORDERS@example.com", "orders@example.com"});
    const auto outcome = offer(milter, message);
    EXPECT_THAT(edited(outcome, '+'), ElementsAre("<ann@example.com>"));
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("ann@example.com"));
}

TEST(M3, TwoTeamsThatChooseOnePersonGiveOneCopy) {
    const MailrotaMilter milter(configuration(R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com"]
[rota.sales]
addresses = ["sales@example.com"]
members   = ["ann@example.com"]
)"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com", "sales@example.com"})),
                ElementsAre("ann@example.com"));
}

TEST(M5, AssigneeThatIsTheTeamsAddressChangesNothing) {
    const MailrotaMilter milter(configuration(R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["Orders@example.com"]
)"));
    const auto message = mail_to({"orders@example.com"});
    const auto outcome = offer(milter, message);
    EXPECT_EQ(outcome.verdict.kind, 'c');
    EXPECT_THAT(outcome.edits, IsEmpty());
}

TEST(M6, NullSenderInBothForms) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
when.sender = ""
then = [{ add_header = { name = "X-Null", value = "yes" } }]
)" + std::string(orders_rota)));
    for (const char* form : {"<>", ""}) {
        auto message = mail_to({"orders@example.com"});
        message.sender = {form};
        const auto outcome = offer(milter, message);
        EXPECT_THAT(added_headers(outcome, "X-Null"), ElementsAre("yes")) << '"' << form << '"';
        EXPECT_EQ(outcome.final_recipients(message).size(), 1U);
    }
    EXPECT_EQ(lines_with(milter.log(), "info mail ").size(), 2U);
    EXPECT_EQ(lines_with(lines_with(milter.log(), "info mail ").at(1), "sender=<>").size(), 1U);
}

TEST(Recipients, OneRedirectedToAnotherWhoIsRedirectedToo) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
when.rcpt = "ann@example.com"
then = [{ redirect = "ben@example.com" }]
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com"]
)"));
    for (const auto& order : std::vector<std::vector<std::string>>{
             {"orders@example.com", "ann@example.com"}, {"ann@example.com", "orders@example.com"}}) {
        const auto message = mail_to(order);
        EXPECT_THAT(recipients_of(milter, message),
                    UnorderedElementsAre("ann@example.com", "ben@example.com"));
    }
}

TEST(Recipients, EachRedirectedToTheOther) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
when.rcpt = "ann@example.com"
then = [{ redirect = "ben@example.com" }]
[[rule]]
when.rcpt = "ben@example.com"
then = [{ redirect = "ann@example.com" }]
)"));
    EXPECT_THAT(recipients_of(milter, mail_to({"ann@example.com", "ben@example.com"})),
                UnorderedElementsAre("ann@example.com", "ben@example.com"));
}

TEST(Dsn, NotifyIsKeptAndOrcptKeptOrMade) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto parameters = [&](const std::vector<std::string>& recipient) {
        const auto outcome = offer(milter, with_raw_recipients({recipient}));
        return outcome.edits.empty() ? "no edit"
                                     : outcome.edits.front().kind + (" " + outcome.edits.front().value);
    };
    EXPECT_EQ(parameters({"<orders@example.com>"}), "2 ORCPT=rfc822;orders@example.com");
    EXPECT_EQ(parameters({"<orders@example.com>", "NOTIFY=SUCCESS,FAILURE"}),
              "2 NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;orders@example.com");
    EXPECT_EQ(parameters({"<orders@example.com>", "ORCPT=rfc822;a+2Bb@example.org", "NOTIFY=NEVER"}),
              "2 NOTIFY=NEVER ORCPT=rfc822;a+2Bb@example.org");
}

TEST(Dsn, AnMtaWithoutParametersGetsPlainAdditions) {
    const MailrotaMilter milter(configuration(orders_rota));
    MilterOptions without;
    without.actions = 0x1ff & ~0x80U;
    const auto message = with_raw_recipients({{"<orders@example.com>", "NOTIFY=NEVER"}});
    const auto outcome = offer(milter, message, without);
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("ann@example.com"));
    EXPECT_EQ(outcome.edits.at(0), (MilterEdit{'+', "<ann@example.com>"}));
}

TEST(Burst, AdditionsComeBeforeDeletions) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
when.rcpt = "orders@example.com"
then = [{ remove_header = "X-Old" }, { add_header = { name = "X-New", value = "1" } },
        { copy = "archive@example.com" }]
)" + std::string(orders_rota)));
    auto message = mail_to({"orders@example.com", "zoe@example.com"});
    message.headers.emplace_back("X-Old", "1");
    message.headers.emplace_back("x-old", "2");
    std::string kinds;
    for (const auto& edit : offer(milter, message).edits) kinds += edit.kind;
    EXPECT_EQ(kinds, "2+hhmm-");
}

}  // namespace
}  // namespace mailrota::rig
