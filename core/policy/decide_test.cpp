#include "core/policy/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = HeaderEdit::Kind;

const Route keep = RouteKeep{};
const Route orders = RouteRota{"orders"};
Route redirect(std::string to) { return RouteRedirect{{std::move(to)}}; }

Policy policy_of(std::vector<Rule> rules) {
    return Policy(std::move(rules),
                  {rota("orders", {"orders@example.com"}), rota("sales", {"sales@example.com"})});
}

// Decides, and checks that tracing changes nothing of it.
Decision decided(const Policy& policy, const mail::Mail& mail, const mail::Trace& trace = {}) {
    auto decision = decide(policy, mail, trace);
    const auto traced = decide(policy, mail, trace, Tracing::on);
    EXPECT_EQ(traced.matched, decision.matched);
    EXPECT_EQ(traced.alarms, decision.alarms);
    EXPECT_EQ(traced.headers, decision.headers);
    EXPECT_TRUE(decision.trace.empty());
    return decision;
}

std::vector<Route> routes(const Decision& decision) {
    std::vector<Route> routes;
    for (const auto& routed : decision.recipients) routes.push_back(routed.route);
    return routes;
}

std::vector<Route> routes(std::vector<Rule> rules, const mail::Mail& mail) {
    return routes(decided(policy_of(std::move(rules)), mail));
}

const mail::Mail two = mail({"orders@example.com", "ann@example.com"});

Rule quarantining(Condition when) { return rule("hold", std::move(when), {Quarantine{"held"}}); }

TEST(Decide, AddressesOfRotasGoToTheirRotas) {
    const auto decision =
        decided(policy_of({}), mail({"<ORDERS@example.com>", "ann@example.com", "sales@example.com"}));
    EXPECT_THAT(routes(decision), ElementsAre(orders, keep, Route(RouteRota{"sales"})));
    EXPECT_EQ(decision.recipients[0].rule, "rota orders");
    EXPECT_EQ(decision.recipients[1].rule, "");
    EXPECT_THAT(decision.matched, IsEmpty());
}

TEST(Decide, RulesComeBeforeTheAddressesOfRotas) {
    EXPECT_THAT(routes({rule("all to ben", always(), {Redirect{{"ben@example.com"}}})}, two),
                ElementsAre(redirect("ben@example.com"), redirect("ben@example.com")));
}

TEST(Decide, TheFirstRouteWins) {
    const auto decision =
        decided(policy_of({rule("one", rcpt("orders@example.com"), {Redirect{{"a@example.com"}}}),
                           rule("two", always(), {Discard{}, ToRota{"sales"}})}),
                two);
    EXPECT_THAT(routes(decision), ElementsAre(redirect("a@example.com"), Route(RouteDrop{})));
    EXPECT_THAT(decision.matched, ElementsAre("one", "two"));
    EXPECT_EQ(decision.recipients[1].rule, "two");
}

TEST(Decide, ABoxIsARouteAsAnyOther) {
    const auto decision = decided(policy_of({rule("web", rcpt("orders@example.com"), {ToBox{"web"}}),
                                             rule("all", always(), {Redirect{{"ben@example.com"}}})}),
                                  two);
    EXPECT_THAT(routes(decision), ElementsAre(Route(RouteSpool{"web"}), redirect("ben@example.com")));
    EXPECT_EQ(decision.recipients[0].rule, "web");
}

TEST(Decide, OrdersToAnnBesideAnnToBen) {
    EXPECT_THAT(routes({rule("ann is away", rcpt("ann@example.com"), {Redirect{{"ben@example.com"}}})}, two),
                ElementsAre(orders, redirect("ben@example.com")));
}

TEST(Decide, ARuleAboutTheRecipientStopsTheWalkForItAlone) {
    EXPECT_THAT(routes({rule("as it is", rcpt("orders@example.com"), {Stop{}}),
                        rule("rest", always(), {Redirect{{"ben@example.com"}}})},
                       two),
                ElementsAre(orders, redirect("ben@example.com")))
        << "the addresses of rotas come after the rules, stopped or not";
}

TEST(Decide, ARuleAboutTheMailStopsTheWalkForAll) {
    const auto decision =
        decided(policy_of({rule("known", sender("alice@example.com"), {Copy{{"x@example.com"}}, Stop{}}),
                           rule("rest", always(), {Discard{}})}),
                two);
    EXPECT_THAT(routes(decision), ElementsAre(orders, keep));
    EXPECT_THAT(decision.matched, ElementsAre("known"));
    EXPECT_THAT(decision.copies, ElementsAre("x@example.com"));
}

TEST(Decide, CopiesStandOnceEach) {
    const auto decision =
        decided(policy_of({rule("one", always(), {Copy{{"a@example.com", "A@Example.COM"}}}),
                           rule("two", rcpt("ann@example.com"), {Copy{{"b@example.com", "a@example.com"}}})}),
                two);
    EXPECT_THAT(decision.copies, ElementsAre("a@example.com", "b@example.com"));
}

TEST(Decide, ARuleCopiesAndAddsOnceOnTheMailsWholeWay) {
    const auto policy =
        policy_of({rule("audit", always(), {Copy{{"a@example.com"}}, AddHeader{"X-Audit", "1"}})});
    const auto first = decided(policy, two);
    EXPECT_THAT(first.copies, ElementsAre("a@example.com"));
    ASSERT_THAT(first.marks, ElementsAre(mail::mark_of_rule("audit")));
    const auto again = decided(policy, two, {first.marks, 1});
    EXPECT_THAT(again.copies, IsEmpty());
    EXPECT_THAT(again.headers, IsEmpty());
    EXPECT_THAT(again.matched, ElementsAre("audit"));
}

TEST(Decide, HeaderEditsActInOrderAndAreClean) {
    const std::vector<Rule> rules = {
        rule("one", field(Field::subject, {pattern("/^(?<word>\\w+)/")}),
             {AddHeader{"X-One", "{word} for {rcpt}"}, AddHeader{"X-Gone", "1"}}),
        rule("two", always(), {RemoveHeader{"x-gone"}, AddHeader{"X-Two", "a\r\nb"}, RemoveHeader{"X-Gone"}}),
    };
    EXPECT_THAT(decided(policy_of(rules), two).headers,
                ElementsAre(HeaderEdit{Kind::add, "X-One", "Hello for orders@example.com, ann@example.com"},
                            HeaderEdit{Kind::add, "X-Two", "a  b"}, HeaderEdit{Kind::remove, "X-Gone", ""}));
}

TEST(Decide, ARuleAboutTheRecipientActsForEachWithItsOwnCaptures) {
    const auto about = field(Field::rcpt, {pattern("/^(?<who>\\w+)@/")});
    const auto decision = decided(policy_of({rule("each", about,
                                                  {AddHeader{"X-For", "{who}"}, AddHeader{"X-Once", "1"},
                                                   reject("No {who} at {rcpt}")})}),
                                  two);
    EXPECT_THAT(decision.headers,
                ElementsAre(HeaderEdit{Kind::add, "X-For", "orders"}, HeaderEdit{Kind::add, "X-Once", "1"},
                            HeaderEdit{Kind::add, "X-For", "ann"}));
    EXPECT_THAT(routes(decision),
                ElementsAre(Route(RouteRefuse{{550, "5.7.1", "No orders at orders@example.com"}}),
                            Route(RouteRefuse{{550, "5.7.1", "No ann at ann@example.com"}})));
    EXPECT_THAT(decision.matched, ElementsAre("each"));
}

TEST(Decide, RepliesAreFilledCleanedAndWhole) {
    EXPECT_THAT(
        routes({rule("r", rcpt("ann@example.com"), {Defer{{450, "4.2.1", "{subject}\xC3\xA4\nlater"}}}),
                rule("d", always(), {Reject{}})},
               two),
        ElementsAre(Route(RouteRefuse{{550, "5.7.1", "Message refused"}}),
                    Route(RouteDefer{{450, "4.2.1", "Hello?\nlater"}})));
    EXPECT_THAT(routes({rule("d", always(), {Defer{}})}, mail({"a@example.com"})),
                ElementsAre(Route(RouteDefer{{451, "4.7.1", "Try again later"}})));
}

TEST(Decide, TheFirstQuarantineGivesTheReason) {
    const auto decision = decided(
        policy_of({rule("one", always(), {Quarantine{"from {sender}"}}), quarantining(always())}), two);
    EXPECT_EQ(decision.quarantine, "from alice@example.com");
    EXPECT_THAT(routes(decision), ElementsAre(orders, keep));
}

TEST(Decide, AListThatIsAwayDefersWhoIsConcerned) {
    const auto decision =
        decided(policy_of({rule("kept", rcpt("ann@example.com"), {Redirect{{"ben@example.com"}}}),
                           rule("vip", passing(), {ToRota{"sales"}}),
                           rule("after", always(), {Discard{}, Copy{{"x@example.com"}}})}),
                two);
    const auto& deferred = std::get<RouteDefer>(decision.recipients[0].route).reply;
    EXPECT_EQ(deferred, (Reply{451, "4.3.0",
                               "A list that is needed for this mail could not be read; try again later"}));
    EXPECT_EQ(decision.recipients[0].rule, "vip");
    EXPECT_EQ(decision.recipients[0].why,
              "rule \"vip\" could not be told: list \"vips\" could not be read: no such file");
    EXPECT_EQ(decision.recipients[1].route, redirect("ben@example.com"))
        << "a further route would not have been its";
    EXPECT_THAT(decision.alarms, IsEmpty());
}

TEST(Decide, InDoubtAboutMoreThanRoutesAlsoDefersWhoHasOne) {
    const auto decision =
        decided(policy_of({rule("refused", rcpt("ann@example.com"), {reject("no")}),
                           rule("routed", always(), {ToRota{"orders"}}), quarantining(passing())}),
                two);
    EXPECT_TRUE(std::holds_alternative<RouteDefer>(decision.recipients[0].route))
        << "it must not pass unheld";
    EXPECT_TRUE(std::holds_alternative<RouteRefuse>(decision.recipients[1].route));
    EXPECT_FALSE(decision.quarantine);
}

TEST(Decide, DoubtAboutOneRecipientLeavesTheOthersAlone) {
    EXPECT_THAT(
        routes({rule("vip", all({rcpt("ann@example.com"), passing()}), {Discard{}})}, two),
        ElementsAre(
            orders,
            Route(RouteDefer{
                {451, "4.3.0", "A list that is needed for this mail could not be read; try again later"}})));
}

TEST(Decide, OnErrorPassLetsTheWholeMailPassUntouched) {
    auto open = rule("open", passing(), {Discard{}});
    open.on_error = OnError::pass;
    const auto decision = decided(policy_of({rule("first", rcpt("ann@example.com"),
                                                  {Redirect{{"ben@example.com"}}, Copy{{"x@example.com"}},
                                                   AddHeader{"X", "1"}, Quarantine{"q"}}),
                                             open, rule("after", always(), {Discard{}})}),
                                  two);
    EXPECT_TRUE(decision.pass_untouched);
    EXPECT_THAT(routes(decision), ElementsAre(keep, keep));
    EXPECT_THAT(decision.copies, IsEmpty());
    EXPECT_THAT(decision.headers, IsEmpty());
    EXPECT_FALSE(decision.quarantine);
    EXPECT_THAT(decision.alarms,
                ElementsAre("rule \"open\" could not be told: list \"vips\" could not be read: no such file; "
                            "the mail passes untouched"));
}

TEST(Decide, OnLimitSaysWhatBecomesOfALimit) {
    struct Case {
        OnLimit on_limit;
        Route route;
        const char* word;
    };
    const Case cases[] = {
        {OnLimit::match, Route(RouteDrop{}), "match"},
        {OnLimit::no_match, redirect("ben@example.com"), "no_match"},
        {OnLimit::defer,
         Route(RouteDefer{{451, "4.3.0", "This mail could not be examined; try again later"}}), "defer"},
    };
    for (const auto& c : cases)
        for (const auto& when : {limited(), all({limited(), rcpt("a@example.com")})}) {
            auto rule = sample::rule("deep", when, {Discard{}});
            rule.on_limit = c.on_limit;
            const auto decision =
                decided(policy_of({rule, sample::rule("next", always(), {Redirect{{"ben@example.com"}}})}),
                        mail({"a@example.com"}));
            EXPECT_THAT(routes(decision), ElementsAre(c.route)) << c.word;
            EXPECT_THAT(
                decision.alarms,
                ElementsAre(
                    std::string("rule \"deep\" (mailrota.toml:1) hit a limit: PCRE2: match limit exceeded; "
                                "on_limit = ") +
                    c.word));
        }
}

TEST(Decide, ARotaIsAppliedToAMailOnce) {
    const mail::Trace passed{{"orders"}, 1};
    const auto decision = decided(policy_of({}), mail({"orders@example.com", "sales@example.com"}), passed);
    EXPECT_THAT(routes(decision), ElementsAre(keep, Route(RouteRota{"sales"})));
    EXPECT_EQ(decision.recipients[0].why, "rota orders was applied already");
    const auto by_rule = decided(policy_of({rule("all", always(), {ToRota{"orders"}, ToRota{"sales"}})}),
                                 mail({"a@example.com"}), passed);
    EXPECT_THAT(routes(by_rule), ElementsAre(keep));
}

TEST(Decide, MoreThanTenHopsAreRefused) {
    const auto policy = policy_of({rule("all", always(), {Discard{}})});
    EXPECT_THAT(routes(decided(policy, two, {{}, 10})), ElementsAre(Route(RouteDrop{}), Route(RouteDrop{})));
    const auto refused = decided(policy, two, {{}, 11});
    for (const auto& routed : refused.recipients)
        EXPECT_EQ(std::get<RouteRefuse>(routed.route).reply,
                  (Reply{550, "5.4.6", "Mail loop: redirected too often"}));
    EXPECT_EQ(refused.recipients.size(), 2u);
}

TEST(Decide, FailingOpenIsKeptWithTheRoute) {
    auto open = rule("open", rcpt("ann@example.com"), {ToRota{"orders"}});
    open.on_error = OnError::pass;
    auto tolerant = rota("orders", {"orders@example.com"});
    const auto by_rule = decide(Policy({open}, {tolerant}), two, {});
    EXPECT_FALSE(by_rule.recipients[0].pass_on_error);
    EXPECT_TRUE(by_rule.recipients[1].pass_on_error);
    tolerant.pass_on_error = true;
    EXPECT_TRUE(decide(Policy({}, {tolerant}), two, {}).recipients[0].pass_on_error);
}

TEST(Decide, TracingTellsEveryRuleAndItsTests) {
    const auto policy =
        policy_of({rule("other", rcpt("x@example.com"), {Discard{}}), rule("hi", subject("hel*"), {Stop{}})});
    const auto decision = decide(policy, mail({"ann@example.com"}), {}, Tracing::on);
    std::string told;
    for (const auto& line : decision.trace)
        told += std::string(static_cast<std::size_t>(line.depth) * 2, ' ') + line.text + "\n";
    EXPECT_EQ(told,
              "rule \"other\" (mailrota.toml:1) for ann@example.com: no\n"
              "  rcpt = \"x@example.com\": no, \"ann@example.com\"\n"
              "rule \"hi\" (mailrota.toml:1): yes\n"
              "  subject = \"hel*\": yes, \"Hello\"\n");
}

TEST(Decide, OneRecipientTwiceIsDecidedTwice) {
    EXPECT_THAT(routes({}, mail({"orders@example.com", "Orders@example.com"})), ElementsAre(orders, orders));
}

}  // namespace
}  // namespace mailrota::policy
