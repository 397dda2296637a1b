#include "core/policy/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::IsEmpty;
using Fate = RecipientPlan::Fate;

const Route keep = RouteKeep{};
const Route refuse = RouteRefuse{{550, "5.7.1", "no"}};
const Route later = RouteDefer{{451, "4.7.1", "later"}};
const Route drop = RouteDrop{};
const Route spool = RouteSpool{"web"};
Route to_rota(std::string name) { return RouteRota{std::move(name)}; }

Decision decision_of(std::initializer_list<Route> routes) {
    Decision decision;
    for (const auto& route : routes) decision.recipients.push_back({route, "r", "rule \"r\"", false});
    return decision;
}

mail::Envelope envelope_of(const Decision& decision) {
    auto envelope = sample::envelope("alice@example.com", {});
    for (std::size_t i = 0; i < decision.recipients.size(); ++i)
        envelope.recipients.push_back(
            {mail::Address::from_envelope("<r" + std::to_string(i) + "@example.com>"), {}});
    return envelope;
}

Plan plan_of(const Decision& decision, const Turns& turns = {}, const mail::Trace& trace = {}) {
    return make_plan(envelope_of(decision), decision, turns, trace);
}

TEST(Plan, TextIsGolden) {
    auto decision =
        decision_of({to_rota("orders"), to_rota("sales"), RouteRedirect{{"x@example.com", "y@example.com"}},
                     refuse, later, drop, keep, to_rota("empty"), spool});
    decision.copies = {"audit@example.com", "X@example.com", "r6@example.com", "r5@example.com",
                       "r8@example.com"};
    decision.headers = {{HeaderEdit::Kind::add, "X-Team", "blue"}, {HeaderEdit::Kind::remove, "X-Old", ""}};
    decision.quarantine = "looked at";
    decision.matched = {"r", "s"};
    decision.alarms = {"a limit"};
    const Turns turns = {{"orders", {"orders", {"ann@example.com"}, "turn", false}},
                         {"sales", {"sales", {"ben@example.com"}, "sticky", true}},
                         {"empty", {"empty", {}, "nobody", false}}};
    EXPECT_EQ(
        to_text(envelope_of(decision), plan_of(decision, turns, {{"before", "orders"}, 2})),
        "from <alice@example.com>\n"
        "to <r0@example.com>: redirect to <ann@example.com> (rota orders: turn)\n"
        "to <r1@example.com>: redirect to <ben@example.com> (rota sales: sticky, drawn before for this "
        "mail)\n"
        "to <r2@example.com>: redirect to <x@example.com>, <y@example.com> (rule \"r\")\n"
        "to <r3@example.com>: refuse 550 5.7.1 \"no\" (rule \"r\")\n"
        "to <r4@example.com>: defer 451 4.7.1 \"later\" (rule \"r\")\n"
        "to <r5@example.com>: drop (rule \"r\")\n"
        "to <r6@example.com>: keep (rule \"r\")\n"
        "to <r7@example.com>: defer 451 4.3.0 \"Nobody is available for this address; try again later\" "
        "(rota empty: nobody of rota empty is available)\n"
        "to <r8@example.com>: spool box web (rule \"r\")\n"
        "copy to <audit@example.com>\n"
        "copy to <r5@example.com>\n"
        "add header X-Team: blue\n"
        "remove header X-Old\n"
        "trace: hop 3, rotas: before, orders, sales\n"
        "quarantine: looked at\n"
        "matched: r, s\n"
        "alarm: a limit\n");
}

TEST(Plan, TextTellsTheWaysOfAFrontEnd) {
    auto decision = decision_of({keep, RouteRedirect{{"x@example.com"}}, spool, drop});
    decision.copies = {"audit@example.com"};
    decision.quarantine = "looked at";
    EXPECT_EQ(to_text(envelope_of(decision), plan_of(decision),
                      {", to lmtp:unix:/x", ", by smtp:[::1]:25", ", which nobody holds"}),
              "from <alice@example.com>\n"
              "to <r0@example.com>: keep, to lmtp:unix:/x (rule \"r\")\n"
              "to <r1@example.com>: redirect to <x@example.com>, by smtp:[::1]:25 (rule \"r\")\n"
              "to <r2@example.com>: spool box web (rule \"r\")\n"
              "to <r3@example.com>: drop (rule \"r\")\n"
              "copy to <audit@example.com>, by smtp:[::1]:25\n"
              "trace: hop 1, rotas: none\n"
              "quarantine: looked at, which nobody holds\n");
}

TEST(Plan, UntouchedIsOnlyWhatChangesNothing) {
    EXPECT_TRUE(plan_of(decision_of({keep, keep})).untouched());
    for (const auto& route : {refuse, later, drop, spool, Route(RouteRedirect{{"x@example.com"}})})
        EXPECT_FALSE(plan_of(decision_of({keep, route})).untouched());
    auto copied = decision_of({keep});
    copied.copies = {"x@example.com"};
    EXPECT_FALSE(plan_of(copied).untouched());
    auto held = decision_of({keep});
    held.quarantine = "";
    EXPECT_FALSE(plan_of(held).untouched());
    auto edited = decision_of({keep});
    edited.headers = {{HeaderEdit::Kind::remove, "X", ""}};
    EXPECT_FALSE(plan_of(edited).untouched());
}

TEST(Plan, PassingUntouchedLeavesEverythingOut) {
    auto decision = decision_of({keep});
    decision.pass_untouched = true;
    decision.copies = {"x@example.com"};
    decision.headers = {{HeaderEdit::Kind::add, "X", "1"}};
    decision.quarantine = "q";
    EXPECT_TRUE(plan_of(decision).untouched());
}

TEST(Plan, AMailThatGoesNowhereIsNotEdited) {
    auto decision = decision_of({refuse, later});
    decision.copies = {"x@example.com"};
    decision.quarantine = "q";
    const auto plan = plan_of(decision);
    EXPECT_THAT(plan.copies, IsEmpty());
    EXPECT_FALSE(plan.quarantine);
}

TEST(Plan, SingleRefusalsAndDeferralsStandBesideWhatGoesOut) {
    for (const auto& going :
         {keep, spool, drop, Route(RouteRedirect{{"x@example.com"}}), to_rota("orders")}) {
        auto decision = decision_of({refuse, later, to_rota("empty"), going});
        decision.copies = {"audit@example.com"};
        decision.headers = {{HeaderEdit::Kind::add, "X-Team", "blue"}};
        const Turns turns = {{"orders", {"orders", {"ann@example.com"}, "turn", false}},
                             {"empty", {"empty", {}, "nobody", false}}};
        const auto plan = plan_of(decision, turns);
        EXPECT_EQ(plan.recipients[0].fate, Fate::refuse);
        EXPECT_EQ(plan.recipients[1].fate, Fate::defer);
        EXPECT_EQ(plan.recipients[2].fate, Fate::defer);
        EXPECT_THAT(plan.copies, ElementsAre("audit@example.com"));
        EXPECT_EQ(plan.headers.size(), 1U);
        EXPECT_FALSE(plan.common_reply());
    }
}

TEST(Plan, ARotaThatNobodyTakesLeavesNoTrace) {
    const auto plan = plan_of(decision_of({to_rota("empty"), to_rota("orders"), spool}),
                              {{"empty", {"empty", {}, "nobody", false}},
                               {"orders", {"orders", {"ann@example.com"}, "turn", false}}});
    EXPECT_EQ(plan.trace, (mail::Trace{{"orders"}, 1}));
    EXPECT_FALSE(plan_of(decision_of({spool})).trace);
}

TEST(Plan, CommonReplyIsOfTheWholeMail) {
    EXPECT_EQ(plan_of(decision_of({refuse, refuse})).common_reply(), (Reply{550, "5.7.1", "no"}));
    EXPECT_EQ(plan_of(decision_of({later})).common_reply(), (Reply{451, "4.7.1", "later"}));
    EXPECT_FALSE(plan_of(decision_of({refuse, later})).common_reply());
    EXPECT_FALSE(plan_of(decision_of({refuse, keep})).common_reply());
    EXPECT_FALSE(plan_of(decision_of({})).common_reply());
}

TEST(Plan, AllDroppedLeavesNobody) {
    EXPECT_TRUE(plan_of(decision_of({drop, drop})).all_dropped());
    EXPECT_FALSE(plan_of(decision_of({drop, keep})).all_dropped());
    EXPECT_FALSE(plan_of(decision_of({})).all_dropped());
    auto copied = decision_of({drop});
    copied.copies = {"x@example.com"};
    EXPECT_FALSE(plan_of(copied).all_dropped());
}

TEST(Plan, TraceIsSetOnlyForARedirectedMail) {
    EXPECT_FALSE(plan_of(decision_of({keep}), {}, {{"orders"}, 1}).trace);
    EXPECT_EQ(plan_of(decision_of({RouteRedirect{{"x@example.com"}}}), {}, {{"orders"}, 1}).trace,
              (mail::Trace{{"orders"}, 2}));
}

TEST(Plan, ARotaWithoutATurnDefers) {
    const auto plan = plan_of(decision_of({to_rota("orders")}));
    EXPECT_EQ(plan.recipients[0].fate, Fate::defer);
    EXPECT_EQ(plan.recipients[0].why, "no turn was drawn");
    EXPECT_EQ(plan.common_reply()->code, 451);
}

TEST(Plan, RotasToDraw) {
    const auto each = Granularity::per_recipient;
    const auto whole = Granularity::whole_mail_only;
    const auto both = decision_of({to_rota("b"), to_rota("a"), to_rota("b"), keep, drop});
    EXPECT_THAT(rotas_to_draw(both, each), ElementsAre("a", "b"));
    EXPECT_THAT(rotas_to_draw(both, whole), ElementsAre("a", "b"));
    for (const auto& route : {refuse, later}) {
        const auto mixed = decision_of({to_rota("a"), route});
        EXPECT_THAT(rotas_to_draw(mixed, each), ElementsAre("a"));
        EXPECT_THAT(rotas_to_draw(mixed, whole), IsEmpty());
    }
    auto passing = decision_of({to_rota("a")});
    passing.pass_untouched = true;
    EXPECT_THAT(rotas_to_draw(passing, each), IsEmpty());
    EXPECT_THAT(rotas_to_draw(decision_of({keep}), each), IsEmpty());
}

TEST(Plan, DeferAllDefersEverybody) {
    const auto envelope = sample::envelope("a@example.com", {"b@example.com", "c@example.com"});
    const auto plan = defer_all(envelope, {451, "4.3.0", "later"}, "store away");
    EXPECT_EQ(plan.common_reply(), (Reply{451, "4.3.0", "later"}));
    EXPECT_EQ(to_text(envelope, plan),
              "from <a@example.com>\n"
              "to <b@example.com>: defer 451 4.3.0 \"later\" (store away)\n"
              "to <c@example.com>: defer 451 4.3.0 \"later\" (store away)\n");
}

}  // namespace
}  // namespace mailrota::policy
