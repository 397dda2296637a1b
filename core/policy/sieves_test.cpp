#include "core/policy/sieves.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/policy/evaluate.h"
#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;

// One rule for each pattern on this field.
std::vector<Rule> rules(Field of, int count) {
    std::vector<Rule> rules;
    for (int i = 0; i < count; ++i)
        rules.push_back(rule(fmt::format("r{}", i), field(of, {pattern(fmt::format("/word{}\\b/", i))}), {}));
    return rules;
}

std::vector<std::string> matched(const Policy& policy, const std::string& bytes,
                                 Tracing tracing = Tracing::off) {
    return decide(policy, mail({"orders@example.com"}, bytes), {}, tracing).matched;
}

TEST(Sieves, StandWhereAFieldIsAskedForSeveralPatterns) {
    EXPECT_EQ(Policy(rules(Field::body, 1), {}).sieves().size(), 0U);
    EXPECT_EQ(Policy(rules(Field::body, 2), {}).sieves().size(), 1U);
    EXPECT_EQ(Policy(rules(Field::rcpt, 2), {}).sieves().size(), 0U);
    auto both = rules(Field::body, 8);
    for (auto& one : rules(Field::subject, 9)) both.push_back(one);
    EXPECT_EQ(Policy(both, {}).sieves().size(), 2U);
}

TEST(Sieves, OfAThousandRulesTheRightOnesMatchInOrder) {
    const Policy policy(rules(Field::body, 1000), {});
    EXPECT_THAT(matched(policy, "Subject: word1\n\nword999, word7 and word70x\n"),
                testing::ElementsAre("r7", "r999"));
    EXPECT_THAT(matched(policy, "Subject: word1\n\n\n"), testing::IsEmpty());
}

TEST(Sieves, DoNotAnswerForTextThatWasNotDecoded) {
    auto message = mail({"orders@example.com"}, "Subject: x\n\n" + std::string(5000, 'x'));
    message.message =
        mail::Message::from_bytes("Subject: x\n\n" + std::string(5000, 'x'), {.text_bytes = 100});
    const Policy policy(rules(Field::body, 20), {});
    const auto decision = decide(policy, message, {});
    EXPECT_TRUE(std::holds_alternative<RouteDefer>(decision.recipients.at(0).route));
    EXPECT_EQ(decision.alarms.size(), 1U);
}

// Rules of few words over few fields, so that they meet often.
class Random {
  public:
    explicit Random(unsigned seed) : numbers_(seed) {}

    std::vector<Rule> rules(int count) {
        std::vector<Rule> rules;
        for (int i = 0; i < count; ++i) {
            rules.push_back(rule(fmt::format("r{}", i), condition(2), {}));
            if (below(20) == 0) rules.back().then.push_back(Stop{});
        }
        return rules;
    }
    std::string mail() {
        return fmt::format(
            "Subject: {}\nX-Kind: {}\n\n{}\n\nOn 6 Mar 2017, Ann <ann@example.com> wrote:\n> {}\n", words(2),
            words(1), words(3), words(3));
    }

  private:
    std::size_t below(std::size_t n) { return numbers_() % n; }
    std::string word() {
        static const std::string all[] = {"alarm", "Down", "critical", "host", "disk", "done", "Größe", "ok"};
        return all[below(std::size(all))];
    }
    std::string words(std::size_t most) {
        std::string text = "so";
        for (auto left = below(most + 1); left > 0; --left) text += " " + word();
        return text;
    }
    Condition condition(int depth) {
        const auto kind = below(depth > 0 ? 6 : 3);
        if (kind < 3) return test();
        std::vector<Condition> of;
        for (auto left = 1 + below(2); left > 0; --left) of.push_back(condition(depth - 1));
        if (kind == 3) return negated(of.front());
        return kind == 4 ? all(std::move(of)) : any(std::move(of));
    }
    Condition test() {
        static const Field fields[] = {Field::body, Field::body_all, Field::subject, Field::header,
                                       Field::rcpt};
        static const std::string flags[] = {"", "i", "m", "iu"};
        std::vector<Matcher> matchers;
        for (auto left = 1 + below(2); left > 0; --left)
            matchers.push_back(pattern("/" + word() + "/" + flags[below(std::size(flags))]));
        if (below(10) == 0) matchers.push_back(Glob{"*ok*"});
        const auto of = fields[below(std::size(fields))];
        return field(of, std::move(matchers), of == Field::header ? "X-Kind" : "");
    }

    std::mt19937 numbers_;
};

// The same without sieves.
std::vector<std::string> matched_one_by_one(const Policy& policy, const std::string& bytes) {
    const auto sent = mail({"orders@example.com"}, bytes);
    Evaluation evaluation(Seen::of(sent));
    std::vector<std::string> matched;
    for (const auto& rule : policy.rules()) {
        const auto match = evaluation.evaluate(rule.when, &sent.envelope.recipients.front().address);
        if (match.answer != Answer::yes) continue;
        matched.push_back(rule.name);
        if (!rule.then.empty()) break;  // stop
    }
    return matched;
}

TEST(Sieves, ChangeNoDecision) {
    Random random(5);
    int matches = 0;
    for (int i = 0; i < 20; ++i) {
        const Policy policy(random.rules(60), {});
        ASSERT_GT(policy.sieves().size(), 2U);
        for (int j = 0; j < 20; ++j) {
            const auto bytes = random.mail();
            const auto sieved = matched(policy, bytes);
            EXPECT_EQ(sieved, matched_one_by_one(policy, bytes)) << bytes;
            EXPECT_EQ(sieved, matched(policy, bytes, Tracing::on)) << bytes;
            matches += static_cast<int>(sieved.size());
        }
    }
    EXPECT_GT(matches, 400);
}

}  // namespace
}  // namespace mailrota::policy
