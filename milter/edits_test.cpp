#include "milter/edits.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mailrota::milter {
namespace {

using policy::RecipientPlan;
using Fate = RecipientPlan::Fate;
using Verdict = Ending::Verdict;

struct Received {
    std::string raw;
    std::vector<std::string> parameters;
    RecipientPlan plan;
};

RecipientPlan fate(Fate what) {
    RecipientPlan plan;
    plan.fate = what;
    return plan;
}
RecipientPlan to(std::vector<std::string> targets) {
    auto plan = fate(Fate::redirect);
    plan.to = std::move(targets);
    return plan;
}
RecipientPlan answered(Fate what, int code) {
    auto plan = fate(what);
    plan.reply = policy::Reply{code, code < 500 ? "4.7.1" : "5.7.1", "no"};
    return plan;
}
const RecipientPlan keep = fate(Fate::keep);
const RecipientPlan drop = fate(Fate::drop);

// One mail with its plan.
struct Case {
    explicit Case(const std::vector<Received>& received) {
        for (const auto& [raw, parameters, recipient_plan] : received) {
            envelope.recipients.push_back({mail::Address::from_envelope(raw), parameters});
            plan.recipients.push_back(recipient_plan);
        }
    }
    Ending ending(bool parameters_allowed = false) const {
        return make_ending(envelope, message, plan, secret, parameters_allowed);
    }

    mail::Envelope envelope;
    mail::Message message;
    policy::Plan plan;
    mail::TraceSecret secret{1, 2, 3};
};

std::vector<std::string> added(const Ending& ending) {
    std::vector<std::string> result;
    for (const auto& edit : ending.edits)
        if (const auto* add = std::get_if<AddRecipient>(&edit)) result.push_back(add->address);
    return result;
}
std::vector<std::string> deleted(const Ending& ending) {
    std::vector<std::string> result;
    for (const auto& edit : ending.edits)
        if (const auto* remove = std::get_if<DeleteRecipient>(&edit)) result.push_back(remove->raw);
    return result;
}
using Names = std::vector<std::string>;

struct SetDifference {
    const char* name;
    std::vector<Received> received;
    Names copies;
    Names adds;
    Names deletes;
};

TEST(Edits, AreTheSetDifference) {
    const std::vector<SetDifference> cases = {
        {"M1 received bytes in wrong case",
         {{"<Orders@Example.COM>", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<Orders@Example.COM>"}},
        {"M1 without brackets",
         {{"orders@example.com", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"orders@example.com"}},
        {"M1 quoted",
         {{"<\"or ders\"@example.com>", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<\"or ders\"@example.com>"}},
        {"M1 unqualified",
         {{"<postmaster>", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<postmaster>"}},
        {"M1 UTF-8",
         {{"<b\xc3\xb6rse@example.com>", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<b\xc3\xb6rse@example.com>"}},
        {"M1 source route, which Postfix shows but does not keep",
         {{"<@relay.example.com:orders@example.com>", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<orders@example.com>"}},
        {"M2 beside others",
         {{"<x@example.com>", {}, keep},
          {"<orders@example.com>", {}, to({"ann@example.com"})},
          {"<orders2@example.com>", {}, keep}},
         {},
         {"<ann@example.com>"},
         {"<orders@example.com>"}},
        {"M3 assignee is there already",
         {{"<orders@example.com>", {}, to({"Ann@example.com"})}, {"<ann@example.com>", {}, keep}},
         {},
         {},
         {"<orders@example.com>"}},
        {"M5 assignee is the team", {{"<Orders@example.com>", {}, to({"orders@EXAMPLE.com"})}}, {}, {}, {}},
        {"orders to ann beside ann to ben",
         {{"<orders@example.com>", {}, to({"ann@example.com"})},
          {"<ann@example.com>", {}, to({"ben@example.com"})}},
         {},
         {"<ben@example.com>"},
         {"<orders@example.com>"}},
        {"an exchange changes nothing",
         {{"<ann@example.com>", {}, to({"ben@example.com"})},
          {"<ben@example.com>", {}, to({"ann@example.com"})}},
         {},
         {},
         {}},
        {"received twice in two spellings",
         {{"<orders@example.com>", {}, to({"ann@example.com"})},
          {"<ORDERS@example.com>", {}, to({"ann@example.com"})},
          {"<orders@example.com>", {}, to({"ann@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<orders@example.com>", "<ORDERS@example.com>"}},
        {"two rotas, one member",
         {{"<orders@example.com>", {}, to({"ann@example.com"})},
          {"<sales@example.com>", {}, to({"ANN@example.com"})}},
         {},
         {"<ann@example.com>"},
         {"<orders@example.com>", "<sales@example.com>"}},
        {"everyone",
         {{"<all@example.com>", {}, to({"ann@example.com", "ben@example.com"})}},
         {},
         {"<ann@example.com>", "<ben@example.com>"},
         {"<all@example.com>"}},
        {"one dropped",
         {{"<a@example.com>", {}, drop}, {"<b@example.com>", {}, keep}},
         {},
         {},
         {"<a@example.com>"}},
        {"dropped, but chosen by another",
         {{"<a@example.com>", {}, drop}, {"<b@example.com>", {}, to({"a@example.com"})}},
         {},
         {},
         {"<b@example.com>"}},
        {"copies, one of them there",
         {{"<a@example.com>", {}, keep}},
         {"A@example.com", "c@example.com"},
         {"<c@example.com>"},
         {}},
    };
    for (const auto& one : cases) {
        Case mail(one.received);
        mail.plan.copies = one.copies;
        const auto ending = mail.ending();
        EXPECT_EQ(ending.verdict, Verdict::accept) << one.name;
        EXPECT_EQ(added(ending), one.adds) << one.name;
        EXPECT_EQ(deleted(ending), one.deletes) << one.name;
    }
}

TEST(Edits, UntouchedPlanSendsNothing) {
    EXPECT_TRUE(Case({{"<a@example.com>", {}, keep}}).ending().edits.empty());
}

// M4
TEST(Edits, NobodyLeftIsADiscardOnlyIfAllWereDropped) {
    EXPECT_EQ(Case({{"<a@example.com>", {}, drop}, {"<b@example.com>", {}, drop}}).ending().verdict,
              Verdict::discard);
    const auto nobody = Case({{"<a@example.com>", {}, to({})}}).ending();
    ASSERT_EQ(nobody.verdict, Verdict::reply);
    EXPECT_EQ(nobody.reply->code, 451);
    const auto mixed = Case({{"<a@example.com>", {}, to({})}, {"<b@example.com>", {}, drop}}).ending();
    ASSERT_EQ(mixed.verdict, Verdict::reply);
    EXPECT_EQ(mixed.reply->code, 451);
}

TEST(Edits, RefusalsOfAllAreTheReply) {
    const auto ending = Case({{"<a@example.com>", {}, answered(Fate::refuse, 550)},
                              {"<b@example.com>", {}, answered(Fate::refuse, 550)}})
                            .ending();
    ASSERT_EQ(ending.verdict, Verdict::reply);
    EXPECT_EQ(*ending.reply, (policy::Reply{550, "5.7.1", "no"}));
    EXPECT_TRUE(ending.edits.empty());
}

TEST(Edits, RefusalOfSomeDefersTheWholeMail) {
    Case mail({{"<a@example.com>", {}, answered(Fate::refuse, 550)},
               {"<b@example.com>", {}, to({"c@example.com"})}});
    const auto ending = mail.ending();
    ASSERT_EQ(ending.verdict, Verdict::reply);
    EXPECT_EQ(ending.reply->code, 451);
    EXPECT_TRUE(ending.edits.empty());
}

TEST(Edits, DeferralOfSomeDefersTheWholeMailWithItsReply) {
    Case mail({{"<a@example.com>", {}, keep}, {"<b@example.com>", {}, answered(Fate::defer, 450)}});
    const auto ending = mail.ending();
    ASSERT_EQ(ending.verdict, Verdict::reply);
    EXPECT_EQ(ending.reply->code, 450);
}

// M13: there is no dialogue in which one recipient could be refused, and a deferral would wait for ever.
TEST(Edits, LocalMailIsRefusedWholeIfOneRecipientIs) {
    Case mail({{"a@example.com", {}, answered(Fate::refuse, 550)}, {"b@example.com", {}, keep}});
    mail.envelope.route = mail::Route::local;
    const auto ending = mail.ending();
    ASSERT_EQ(ending.verdict, Verdict::reply);
    EXPECT_EQ(ending.reply->code, 550);
}

TEST(Edits, ParametersAreThoseOfTheFirstThatGoesThere) {
    Case mail({{"<Orders+x@example.com>", {"SIZE=3", "notify=SUCCESS,FAILURE"}, to({"ann@example.com"})},
               {"<sales@example.com>",
                {"ORCPT=rfc822;old@example.com", "NOTIFY=NEVER"},
                to({"ann@example.com", "ben@example.com"})}});
    const auto ending = mail.ending(true);
    ASSERT_GE(ending.edits.size(), 2U);
    EXPECT_EQ(
        std::get<AddRecipient>(ending.edits[0]),
        (AddRecipient{"<ann@example.com>", "NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Orders+2Bx@example.com"}));
    EXPECT_EQ(std::get<AddRecipient>(ending.edits[1]),
              (AddRecipient{"<ben@example.com>", "NOTIFY=NEVER ORCPT=rfc822;old@example.com"}));
}

TEST(Edits, ParametersAreLeftOutWhereNotAllowedOrNotSayable) {
    Case mail({{"<orders@example.com>", {"NOTIFY=NEVER"}, to({"ann@example.com"})}});
    EXPECT_EQ(std::get<AddRecipient>(mail.ending(false).edits[0]).parameters, "");
    Case utf8({{"<b\xc3\xb6@example.com>", {"NOTIFY=NEVER"}, to({"ann@example.com"})}});
    EXPECT_EQ(std::get<AddRecipient>(utf8.ending(true).edits[0]).parameters, "NOTIFY=NEVER");
}

TEST(Edits, Xtext) {
    EXPECT_EQ(xtext("a+b=c d@example.com"), "a+2Bb+3Dc+20d@example.com");
    EXPECT_EQ(xtext(std::string_view("\0\x7f\xff", 3)), "+00+7F+FF");
    EXPECT_EQ(xtext(""), "");
}

std::vector<int> deleted_indexes(const Ending& ending, std::string_view name) {
    std::vector<int> result;
    for (const auto& edit : ending.edits)
        if (const auto* remove = std::get_if<DeleteHeader>(&edit); remove != nullptr && remove->name == name)
            result.push_back(remove->index);
    return result;
}

TEST(Edits, RedirectedMailCarriesOneTraceOfOurs) {
    Case mail({{"<orders@example.com>", {}, to({"ann@example.com"})}});
    mail.message = mail::Message::from_parts(
        {{"Message-ID", " <1@example.com>"}, {"X-Mailrota-Trace", " forged"}, {"x-mailrota-trace", " old"}},
        "");
    mail.plan.trace = mail::Trace{{"orders"}, 1};
    const auto ending = mail.ending();
    const auto& header = std::get<AddHeader>(ending.edits.at(1));
    EXPECT_EQ(header.name, "X-Mailrota-Trace");
    EXPECT_EQ(deleted_indexes(ending, "X-Mailrota-Trace"), (std::vector<int>{2, 1}));

    const auto next =
        mail::Message::from_parts({{"Message-ID", " <1@example.com>"}, {header.name, header.value}}, "");
    EXPECT_EQ(mail::read_trace(next, mail.secret), *mail.plan.trace);
}

TEST(Edits, NoTraceWhereNothingIsRedirected) {
    Case mail({{"<orders@example.com>", {}, to({"orders@example.com"})}});
    mail.plan.trace = mail::Trace{{"orders"}, 1};
    EXPECT_TRUE(mail.ending().edits.empty());
}

TEST(Edits, AdditionsComeBeforeDeletions) {
    Case mail({{"<orders@example.com>", {}, to({"ann@example.com"})}});
    mail.message = mail::Message::from_parts({{"X-Old", "1"}, {"Subject", "x"}, {"x-OLD", "2"}}, "");
    mail.plan.trace = mail::Trace{{"orders"}, 1};
    mail.plan.headers = {{policy::HeaderEdit::Kind::remove, "X-Old", ""},
                         {policy::HeaderEdit::Kind::remove, "x-old", ""},
                         {policy::HeaderEdit::Kind::add, "X-New", "yes"}};
    mail.plan.quarantine = "look\r\nat it";
    const auto edits = mail.ending().edits;
    ASSERT_EQ(edits.size(), 7U);
    EXPECT_TRUE(std::holds_alternative<AddRecipient>(edits[0]));
    EXPECT_EQ(std::get<AddHeader>(edits[1]), (AddHeader{"X-New", "yes"}));
    EXPECT_TRUE(std::holds_alternative<AddHeader>(edits[2]));
    EXPECT_EQ(std::get<Quarantine>(edits[3]), (Quarantine{"look\tat it"}));
    EXPECT_EQ(std::get<DeleteHeader>(edits[4]), (DeleteHeader{"X-Old", 2}));
    EXPECT_EQ(std::get<DeleteHeader>(edits[5]), (DeleteHeader{"X-Old", 1}));
    EXPECT_EQ(std::get<DeleteRecipient>(edits[6]), (DeleteRecipient{"<orders@example.com>"}));
}

// M11
TEST(Edits, HeaderThatCannotBeSentIsAnErrorNotAGap) {
    Case mail({{"<orders@example.com>", {}, to({"ann@example.com"})}});
    mail.plan.headers = {{policy::HeaderEdit::Kind::add, "X-Big", std::string(70'000, 'x')}};
    const auto ending = mail.ending();
    ASSERT_EQ(ending.verdict, Verdict::reply);
    EXPECT_EQ(ending.reply->code, 451);
    EXPECT_NE(ending.reply->text.find("X-Big"), std::string::npos);
    EXPECT_TRUE(ending.edits.empty());

    mail.plan.headers = {{policy::HeaderEdit::Kind::add, "\r\n:", "x"}};
    EXPECT_EQ(mail.ending().verdict, Verdict::reply);
}

}  // namespace
}  // namespace mailrota::milter
