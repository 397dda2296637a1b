#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include "tests/e2e/raw_milter/offer.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::Key;
using testing::Pair;

constexpr std::uint32_t every_step = SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NOMAIL | SMFIP_NORCPT |
                                     SMFIP_NOBODY | SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOUNKNOWN |
                                     SMFIP_NODATA;

std::uint32_t left_out(std::string_view policy) {
    const MailrotaMilter milter(configuration(policy));
    return MilterClient::to(milter.socket()).steps() & every_step;
}

TEST(Needs, RecipientsAloneDoNotGetTheBody) {
    const auto steps = left_out(orders_rota);
    EXPECT_EQ(steps & SMFIP_NOBODY, static_cast<unsigned>(SMFIP_NOBODY));
    EXPECT_EQ(steps & (SMFIP_NORCPT | SMFIP_NOHDRS), 0U) << "the message's key is in its header";
}

TEST(Needs, ABodyRuleGetsTheBody) {
    EXPECT_EQ(left_out("[[rule]]\nwhen.body = \"*x*\"\nthen = [{ discard = true }]\n") & SMFIP_NOBODY, 0U);
}

TEST(Needs, AnEmptyPolicyAsksForNothing) {
    const MailrotaMilter milter(configuration(""));
    auto client = MilterClient::to(milter.socket());
    EXPECT_EQ(client.steps() & every_step, every_step);
    EXPECT_EQ(client.actions() & ~static_cast<unsigned>(SMFIF_SETSYMLIST), 0U);
    const auto message = mail_to({"orders@example.com"});
    const auto outcome = client.send_message(message);
    EXPECT_TRUE(outcome.verdict.kind == 'c' || outcome.verdict.kind == 'a');
    EXPECT_THAT(outcome.edits, testing::IsEmpty());
}

TEST(Needs, NothingIsAnsweredWhereNothingCanBeSaid) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto steps = MilterClient::to(milter.socket()).steps();
    for (const auto bit : {SMFIP_NR_HDR, SMFIP_NR_MAIL, SMFIP_NR_RCPT})
        EXPECT_NE(steps & static_cast<unsigned>(bit), 0U) << bit;
}

TEST(Needs, AnOldMtaThatSendsEverythingIsServed) {
    const MailrotaMilter milter(configuration(orders_rota));
    MilterOptions old;
    old.version = 2;
    old.actions = 0x3f;
    old.steps = 0x7f;
    const auto message = mail_to({"orders@example.com"});
    const auto outcome = offer(milter, message, old);
    EXPECT_THAT(outcome.final_recipients(message), ElementsAre("ann@example.com")) << outcome.verdict.text;
}

TEST(M16, InetSocket) {
    const MailrotaMilter milter(configuration(orders_rota), MailrotaMilter::Socket::inet);
    auto client = MilterClient::to(milter.socket());
    for (const char* colleague : {"ann@example.com", "ben@example.com", "cho@example.com"}) {
        const auto message = mail_to({"orders@example.com"});
        EXPECT_THAT(client.send_message(message).final_recipients(message), ElementsAre(colleague));
    }
}

TEST(M17, MacrosOfAllSevenStagesAreAskedFor) {
    const MailrotaMilter milter(configuration(orders_rota));
    const auto macros = MilterClient::to(milter.socket()).requested_macros();
    EXPECT_THAT(macros, ElementsAre(Key(0), Key(1), Key(2), Key(3), Key(4), Key(5), Key(6)));
    for (const int stage : {3, 4, 5}) EXPECT_TRUE(has(macros.at(stage), "i")) << stage;
}

TEST(M17, TheMacrosAskedForArrive) {
    const MailrotaMilter milter(configuration(R"(
[[rule]]
when.auth   = "ann"
when.daemon = "submission"
when.client = "192.0.2.0/24"
when.client_name = "pc.example.com"
then = [{ add_header = { name = "X-Id", value = "{queue_id}" } }]
)"));
    auto message = mail_to({"ben@example.com"});
    message.macros = {{"i", "4Queue"},
                      {"{auth_authen}", "ann"},
                      {"{daemon_name}", "submission"},
                      {"{client_addr}", "192.0.2.7"},
                      {"{client_name}", "pc.example.com"}};
    EXPECT_THAT(added_headers(offer(milter, message), "X-Id"), ElementsAre("4Queue"));
    message.late_queue_id = false;
    EXPECT_THAT(added_headers(offer(milter, message), "X-Id"), ElementsAre("4Queue"));
}

}  // namespace
}  // namespace mailrota::rig
