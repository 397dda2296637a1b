#include <gtest/gtest.h>

#include "core/policy/decide.h"
#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;

std::optional<Reply> at_rcpt(std::vector<Rule> rules, const mail::Envelope& envelope) {
    return decide_at_rcpt(Policy(std::move(rules), {}), envelope, {"inbound", false}, {});
}

const mail::Envelope two = envelope("alice@example.com", {"first@example.com", "last@example.com"});
const Rule refuse_last =
    rule("refuse", rcpt("last@example.com"), {reject("no {rcpt} for {sender}{subject}")});

TEST(DecideAtRcpt, TheLastRecipientIsDecided) {
    EXPECT_EQ(at_rcpt({refuse_last}, two),
              (Reply{550, "5.7.1", "no last@example.com for alice@example.com"}));
    EXPECT_FALSE(at_rcpt({rule("r", rcpt("first@example.com"), {reject("no")})}, two));
    EXPECT_FALSE(at_rcpt({refuse_last}, envelope("alice@example.com", {})));
    EXPECT_FALSE(at_rcpt({}, two));
}

TEST(DecideAtRcpt, DefersAndStandardTexts) {
    EXPECT_EQ(at_rcpt({rule("d", always(), {Defer{}})}, two), (Reply{451, "4.7.1", "Try again later"}));
    EXPECT_EQ(at_rcpt({rule("d", always(), {Reject{}})}, two), (Reply{550, "5.7.1", "Message refused"}));
}

TEST(DecideAtRcpt, WhatSettlesTheRecipientBefore) {
    struct Case {
        const char* what;
        Rule before;
        bool refused;
    };
    const Case cases[] = {
        {"another route", rule("b", always(), {Redirect{{"x@example.com"}}}), false},
        {"a box", rule("b", always(), {ToBox{"web"}}), false},
        {"stop", rule("b", always(), {Stop{}}), false},
        {"content", rule("b", subject("*"), {Discard{}}), false},
        {"a list that is away", rule("b", passing(), {Discard{}}), false},
        {"a limit", rule("b", limited(), {Discard{}}), false},
        {"no match", rule("b", sender("bob@example.com"), {Stop{}}), true},
        {"a copy", rule("b", always(), {Copy{{"x@example.com"}}}), true},
        {"content of others", rule("b", all({subject("*"), rcpt("first@example.com")}), {Discard{}}), true},
        {"no content could match", rule("b", all({subject("*"), any({})}), {Discard{}}), true},
        {"whatever the content", rule("b", any({subject("*"), always()}), {Discard{}}), false},
    };
    for (const auto& c : cases)
        EXPECT_EQ(at_rcpt({c.before, refuse_last}, two).has_value(), c.refused) << c.what;
}

TEST(DecideAtRcpt, TheFirstRouteOfARuleCounts) {
    EXPECT_FALSE(at_rcpt({rule("r", always(), {Discard{}, reject("no")})}, two));
    EXPECT_TRUE(
        at_rcpt({rule("r", always(), {Copy{{"x@example.com"}}, reject("no"), Discard{}, Stop{}})}, two));
}

TEST(DecideAtRcpt, ARecipientIsRefusedThereAsLaterByDecide) {
    auto whole = mail({"first@example.com", "last@example.com"});
    const Policy policy({refuse_last}, {});
    const auto later = decide(policy, whole, {});
    EXPECT_EQ(std::get<RouteRefuse>(later.recipients[1].route).reply.code, at_rcpt({refuse_last}, two)->code);
}

}  // namespace
}  // namespace mailrota::policy
