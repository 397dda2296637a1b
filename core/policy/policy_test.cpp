#include "core/policy/policy.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::ElementsAre;

std::string words(const Needs& needs) {
    std::string words;
    const auto add = [&](bool set, const char* word) {
        if (set) words += fmt::format("{}{}", words.empty() ? "" : " ", word);
    };
    add(needs.anything, "anything");
    add(needs.connection, "connection");
    add(needs.helo, "helo");
    add(needs.headers, "headers");
    add(needs.body, "body");
    add(needs.recipient_replies, "replies");
    add(needs.change_recipients, "recipients");
    add(needs.change_headers, "change_headers");
    add(needs.quarantine, "quarantine");
    return words;
}

std::string needs(Condition when, Action then) {
    return words(Policy({rule("r", std::move(when), {std::move(then)})}, {}).needs());
}

TEST(Policy, NeedsOnlyWhatItLooksAtAndDoes) {
    EXPECT_EQ(words(Policy({}, {}).needs()), "");
    EXPECT_EQ(words(Policy({}, {rota("orders", {"orders@example.com"})}).needs()),
              "anything headers recipients change_headers");
    struct Case {
        Condition when;
        Action then;
        const char* words;
    };
    const Case cases[] = {
        {rcpt("a@example.com"), Stop{}, "anything"},
        {field(Field::client_ip, {Exact{"192.0.2.1"}}), Stop{}, "anything connection"},
        {field(Field::client_name, {Exact{"x"}}), Stop{}, "anything connection"},
        {field(Field::helo, {Exact{"x"}}), Stop{}, "anything helo"},
        {field(Field::auth, {Exact{"x"}}), Stop{}, "anything"},
        {subject("x"), Stop{}, "anything headers"},
        {negated(any({field(Field::header, {Exact{"x"}}, "X")})), Stop{}, "anything headers"},
        {field(Field::body, {Exact{"x"}}), Stop{}, "anything headers body"},
        {field(Field::attachment_type, {Exact{"x"}}), Stop{}, "anything headers body"},
        {{SizeTest{1, {}}}, Stop{}, "anything headers body"},
        {always(), Copy{{"x@example.com"}}, "anything recipients"},
        {always(), Discard{}, "anything recipients"},
        {always(), ToRota{"r"}, "anything headers recipients change_headers"},
        {always(), ToBox{"web"}, "anything"},
        {always(), Redirect{{"x@example.com"}}, "anything headers recipients change_headers"},
        {always(), AddHeader{"X", "{client}"}, "anything connection change_headers"},
        {always(), RemoveHeader{"X"}, "anything headers change_headers"},
        {always(), Quarantine{"{subject}"}, "anything headers quarantine"},
        {always(), Reject{}, "anything replies"},
        {subject("x"), Reject{}, "anything headers"},
        {any({subject("x"), rcpt("a@example.com")}), Defer{}, "anything headers replies"},
        {all({subject("x"), rcpt("a@example.com")}), Defer{}, "anything headers"},
        {negated(all({subject("x"), rcpt("a@example.com")})), Reject{}, "anything headers replies"},
    };
    for (const auto& c : cases) EXPECT_EQ(needs(c.when, c.then), c.words);
}

TEST(Policy, CandidatesLeaveOutRulesForOtherAddresses) {
    const Policy policy(
        {rule("0", rcpt("a@example.com"), {}), rule("1", always(), {}),
         rule("2",
              all({subject("x"), field(Field::rcpt, {Exact{"B@example.com"}, Exact{"<a@example.com>"}})}),
              {}),
         rule("3", all({sender("alice@example.com"), subject("x")}), {}),
         rule("4", sender("bob@example.com"), {}), rule("5", any({rcpt("z@example.com"), subject("x")}), {}),
         rule("6", negated(rcpt("z@example.com")), {}),
         rule("7", field(Field::rcpt, {Exact{"z@example.com"}, Glob{"*@example.net"}}), {}),
         rule("8", all({sender("bob@example.com"), rcpt("a@example.com")}), {})},
        {});
    EXPECT_THAT(
        policy.candidates(envelope("ALICE@example.com", {"a@example.com", "b@example.com", "A@example.com"})),
        ElementsAre(0, 1, 2, 3, 5, 6, 7, 8));
    EXPECT_THAT(policy.candidates(envelope("", {"c@example.com"})), ElementsAre(1, 5, 6, 7));
}

TEST(Policy, TenThousandExactRulesAndRotasAreLookedUp) {
    std::vector<Rule> rules;
    std::vector<Rota> rotas;
    for (int i = 0; i < 10'000; ++i) {
        rules.push_back(rule(fmt::format("r{}", i), rcpt(fmt::format("u{}@example.com", i)), {Discard{}}));
        rotas.push_back(rota(fmt::format("rota{}", i), {fmt::format("rota{}@example.com", i)}));
    }
    const Policy policy(std::move(rules), std::move(rotas));
    EXPECT_THAT(policy.candidates(
                    envelope("a@example.com", {"u7@example.com", "U9999@example.com", "x@example.com"})),
                ElementsAre(7, 9'999));
    EXPECT_EQ(policy.rota_for(mail::Address::from_envelope("<ROTA77@example.com>")), policy.rota("rota77"));
    EXPECT_EQ(policy.rota("rota77")->name, "rota77");
    EXPECT_EQ(policy.rota("none"), nullptr);
    EXPECT_EQ(policy.rota_for(mail::Address::from_envelope("<x@example.com>")), nullptr);
}

TEST(Policy, CheapTestsStandBeforeDearOnes) {
    const Policy policy(
        {rule("r", negated(any({field(Field::body, {}), subject("x"), rcpt("a@example.com"), sender("b")})),
              {})},
        {});
    const auto& below = std::get<Any>(std::get<Not>(policy.rules()[0].when.node).of->node).of;
    std::vector<Field> fields;
    for (const auto& condition : below) fields.push_back(std::get<FieldTest>(condition.node).field);
    EXPECT_THAT(fields, ElementsAre(Field::rcpt, Field::sender, Field::subject, Field::body));
}

TEST(Policy, JittedIfEveryPatternIs) {
    const auto interpreted = field(Field::subject, {Exact{"x"}, pattern("/(*NO_JIT)x/")});
    EXPECT_TRUE(Policy({rule("r", subject("x"), {}), rule("s", field(Field::body, {pattern("/x/")}), {})}, {})
                    .jitted());
    EXPECT_FALSE(
        Policy({rule("r", always(), {}), rule("s", all({any({negated(interpreted)})}), {})}, {}).jitted());
}

}  // namespace
}  // namespace mailrota::policy
