#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/rota.h"

namespace mailrota::policy {
namespace {

using std::chrono::sys_seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace date::literals;
using namespace std::chrono_literals;
using Reason = Choice::Reason;

const sys_seconds noon = date::sys_days{2026_y / 3 / 4} + 12h;  // a Wednesday

Member member(std::string id, int weight = 1) {
    Member made;
    made.id = id;
    made.target = id + "@example.com";
    made.weight = weight;
    return made;
}

Rota rota(Strategy strategy, std::vector<Member> members) {
    Rota made;
    made.name = "orders";
    made.strategy = strategy;
    made.members = std::move(members);
    return made;
}

Rota round_robin(std::vector<Member> members) { return rota(Strategy::round_robin, std::move(members)); }

// A rota with its memory: each draw a minute after the last.
struct Series {
    Rota rota;
    RotaState state{};
    sys_seconds now = noon;

    Choice draw(const std::optional<std::string>& sticky = std::nullopt) {
        Choice choice = choose(rota, state, sticky, now);
        state = choice.state;
        now += 1min;
        return choice;
    }
    // The ids of those who took the next turns, a '-' for a turn that nobody took.
    std::string draw_many(int count) {
        std::string taken;
        for (int i = 0; i < count; ++i) {
            const Choice choice = draw();
            taken += choice.members.empty() ? "-" : choice.members.front();
        }
        return taken;
    }
    Member& at(std::string_view id) {
        return *std::ranges::find_if(rota.members, [&](const Member& one) { return one.id == id; });
    }
};

std::int64_t sum_of_credits(const RotaState& state) {
    std::int64_t sum = 0;
    for (const auto& [id, one] : state) sum += one.credit;
    return sum;
}

TEST(RoundRobin, servesEqualWeightsInListOrder) {
    Series run{round_robin({member("a"), member("b"), member("c")})};
    EXPECT_EQ(run.draw_many(9), "abcabcabc");
}

TEST(RoundRobin, servesWeightsSmoothly) {
    struct Case {
        std::vector<int> weights;
        std::string order;
    };
    const std::vector<Case> cases{
        {{5, 1, 1}, "aabacaa"}, {{2, 1}, "aba"},       {{1, 2}, "bab"},
        {{1, 1, 2}, "cabc"},    {{3, 2, 1}, "abacba"}, {{1000}, "a"},
    };
    for (const Case& one : cases) {
        Series run{round_robin({})};
        for (const int weight : one.weights) {
            run.rota.members.push_back(
                member(std::string(1, static_cast<char>('a' + run.rota.members.size())), weight));
        }
        EXPECT_EQ(run.draw_many(static_cast<int>(2 * one.order.size())), one.order + one.order);
    }
}

TEST(RoundRobin, tellsWhatTheChoiceWasMadeFrom) {
    Series run{round_robin({member("a"), member("b")})};
    run.at("b").paused = true;
    run.state["b"].credit = 7;
    const Choice choice = run.draw();
    EXPECT_EQ(choice.reason, Reason::turn);
    EXPECT_THAT(choice.targets, ElementsAre("a@example.com"));
    EXPECT_THAT(choice.members, ElementsAre("a"));
    ASSERT_EQ(choice.candidates.size(), 2U);
    EXPECT_EQ(choice.candidates[0].absence, Absence::none);
    EXPECT_EQ(choice.candidates[0].credit, credit_unit);
    EXPECT_EQ(choice.candidates[1].absence, Absence::paused);
    EXPECT_EQ(choice.candidates[1].credit, 7);
    EXPECT_EQ(choice.state.at("b").credit, 7);
}

TEST(RoundRobin, countsTurnsByDayOfTheMembersZone) {
    Series run{round_robin({member("a")})};
    run.at("a").zone = Zone::find("Asia/Tokyo").value();
    run.now = date::sys_days{2026_y / 3 / 4} + 14h + 59min;  // 23:59 in Tokyo, then 00:00
    run.draw();
    EXPECT_EQ(run.state["a"].turns_today, 1);
    run.draw();
    run.draw();
    const MemberState& state = run.state["a"];
    EXPECT_EQ(state.turns, 3);
    EXPECT_EQ(state.turns_today, 2);
    EXPECT_EQ(state.day, date::sys_days{2026_y / 3 / 5}.time_since_epoch().count());
    EXPECT_EQ(state.last_turn, date::sys_days{2026_y / 3 / 4} + 15h + 1min);
}

TEST(RoundRobin, capEndsTheDayForAMember) {
    Series run{round_robin({member("a"), member("b")})};
    run.at("a").max_per_day = 2;
    EXPECT_EQ(run.draw_many(6), "ababbb");
    run.now += 24h;
    EXPECT_EQ(run.draw_many(4), "baba");  // b was owed the turn after a's second
}

TEST(RoundRobin, isPure) {
    const Rota orders = round_robin({member("a", 3), member("b")});
    const Choice first = choose(orders, {}, std::nullopt, noon);
    const Choice second = choose(orders, {}, std::nullopt, noon);
    EXPECT_EQ(first.members, second.members);
    EXPECT_EQ(first.state, second.state);
}

TEST(RoundRobin, knowsMembersByIdentityNotPosition) {
    struct Case {
        std::string before;
        std::vector<std::string> after;
        std::string order;
    };
    const std::vector<Case> cases{
        {"a", {"c", "b", "a"}, "cbcbac"},       // reordered: a has had its turn
        {"ab", {"a", "c"}, "caca"},             // b left
        {"a", {"b", "c"}, "bcbc"},              // a left
        {"ab", {"b", "c", "a"}, "cbcabc"},      // c is still owed its turn: then the new order
        {"abc", {"x", "a", "b", "c"}, "xabc"},  // a new member at the front
        {"abc", {"a", "x", "b", "c"}, "axbc"},  // and in between
    };
    for (const Case& one : cases) {
        Series run{round_robin({member("a"), member("b"), member("c")})};
        EXPECT_EQ(run.draw_many(static_cast<int>(one.before.size())), one.before);
        run.rota.members.clear();
        for (const std::string& id : one.after) run.rota.members.push_back(member(id));
        EXPECT_EQ(run.draw_many(static_cast<int>(one.order.size())), one.order) << one.before;
    }
}

TEST(RoundRobin, keepsTheCreditOfAMemberThatLeftUntilItReturns) {
    Series run{round_robin({member("a"), member("b")})};
    run.draw();
    const MemberState kept = run.state.at("a");
    run.rota.members.erase(run.rota.members.begin());
    EXPECT_EQ(run.draw_many(3), "bbb");
    EXPECT_EQ(run.state.at("a"), kept);
    run.rota.members.insert(run.rota.members.begin(), member("a"));
    EXPECT_EQ(run.draw_many(4), "baba");
}

TEST(RoundRobin, newMemberIsNeitherFloodedNorPutLast) {
    Series run{round_robin({member("a"), member("b")})};
    run.draw_many(1000);
    run.rota.members.push_back(member("c"));
    EXPECT_EQ(run.draw_many(6), "abcabc");
}

TEST(RoundRobin, manyMembersAndTheLargestWeightsStayExact) {
    Series run{round_robin({})};
    for (int i = 0; i < 500; ++i) run.rota.members.push_back(member("m" + std::to_string(i), 1000));
    for (int i = 0; i < 1000; ++i) {
        ASSERT_THAT(run.draw().members, ElementsAre("m" + std::to_string(i % 500)));
    }
}

TEST(Sticky, takesTheTurnOutOfOrderAndPays) {
    Series run{round_robin({member("a"), member("b"), member("c")})};
    const Choice choice = run.draw("c");
    EXPECT_EQ(choice.reason, Reason::sticky);
    EXPECT_THAT(choice.members, ElementsAre("c"));
    EXPECT_EQ(choice.state.at("c").credit, credit_unit / 3 - credit_unit);
    EXPECT_EQ(choice.state.at("a").credit, credit_unit / 3);
    EXPECT_EQ(choice.state.at("c").turns, 1);
    EXPECT_EQ(sum_of_credits(choice.state), 0);
    EXPECT_EQ(run.draw_many(5), "ababc");
}

TEST(Sticky, goesToTheNextIfAwayOrUnknown) {
    Series run{round_robin({member("a"), member("b")})};
    run.at("b").paused = true;
    EXPECT_EQ(run.draw("b").reason, Reason::turn);
    EXPECT_THAT(run.draw("b").members, ElementsAre("a"));
    EXPECT_THAT(run.draw("left").members, ElementsAre("a"));
    EXPECT_THAT(run.draw("").members, ElementsAre("a"));
}

TEST(Sticky, countsForTheCap) {
    Series run{round_robin({member("a"), member("b")})};
    run.at("b").max_per_day = 2;
    EXPECT_THAT(run.draw("b").members, ElementsAre("b"));
    EXPECT_THAT(run.draw("b").members, ElementsAre("b"));
    EXPECT_THAT(run.draw("b").members, ElementsAre("a"));
}

TEST(Sticky, chargesNothingPastTheLimitSoThatNoCreditOverflows) {
    Series run{round_robin({member("a"), member("b")})};
    run.state["b"].credit = -100'000 * credit_unit;
    run.state["a"].credit = 99'999 * credit_unit;
    const Choice choice = run.draw("b");
    EXPECT_THAT(choice.members, ElementsAre("b"));
    EXPECT_EQ(choice.state.at("b").credit, -100'000 * credit_unit);
    EXPECT_EQ(choice.state.at("b").turns, 1);
    EXPECT_THAT(run.draw().members, ElementsAre("a"));
    run.state["a"].credit = 100'000 * credit_unit;
    run.state["b"].credit = 0;
    EXPECT_EQ(run.draw("b").state.at("b").credit, 0);
}

TEST(Sticky, holdsWithEveryStrategyThatServesOne) {
    for (const Strategy strategy : {Strategy::failover, Strategy::schedule}) {
        Series run{rota(strategy, {member("a"), member("b")})};
        if (strategy == Strategy::schedule) run.rota.schedule.emplace();
        const Choice choice = run.draw("b");
        EXPECT_EQ(choice.reason, Reason::sticky);
        EXPECT_THAT(choice.members, ElementsAre("b"));
        EXPECT_EQ(choice.state.at("b").credit, 0);
    }
    Series run{rota(Strategy::all, {member("a"), member("b")})};
    EXPECT_THAT(run.draw("b").members, ElementsAre("a", "b"));
}

TEST(Failover, servesTheFirstAvailableAndLeavesCreditsAlone) {
    Series run{rota(Strategy::failover, {member("a"), member("b"), member("c")})};
    EXPECT_EQ(run.draw_many(2), "aa");
    run.at("a").paused = true;
    const Choice choice = run.draw();
    EXPECT_EQ(choice.reason, Reason::first_available);
    EXPECT_THAT(choice.targets, ElementsAre("b@example.com"));
    EXPECT_EQ(run.state.at("a").turns, 2);
    EXPECT_EQ(run.state.at("b").turns, 1);
    EXPECT_EQ(run.state.at("a").credit, 0);
    EXPECT_EQ(run.state.at("b").credit, 0);
}

TEST(All, servesEveryoneAvailableInListOrder) {
    Series run{rota(Strategy::all, {member("a"), member("b"), member("c")})};
    run.at("b").max_per_day = 1;
    EXPECT_THAT(run.draw().members, ElementsAre("a", "b", "c"));
    const Choice choice = run.draw();
    EXPECT_EQ(choice.reason, Reason::everyone);
    EXPECT_THAT(choice.targets, ElementsAre("a@example.com", "c@example.com"));
    EXPECT_EQ(choice.state.at("a").turns, 2);
    EXPECT_EQ(choice.state.at("b").turns, 1);
    EXPECT_EQ(choice.state.at("a").credit, 0);
}

TEST(Schedule, servesWhoIsOnDutyOrTheNextAvailable) {
    Series run{rota(Strategy::schedule, {member("a"), member("b"), member("c")})};
    Schedule& schedule = run.rota.schedule.emplace();
    schedule.every = Schedule::Every::day;
    schedule.start = date::local_days{2026_y / 3 / 2};
    const Choice duty = run.draw();  // the third day
    EXPECT_EQ(duty.reason, Reason::on_duty);
    EXPECT_THAT(duty.members, ElementsAre("c"));
    run.at("c").paused = true;
    const Choice cover = run.draw();
    EXPECT_EQ(cover.reason, Reason::covers);
    EXPECT_THAT(cover.members, ElementsAre("a"));
    run.at("a").paused = true;
    EXPECT_THAT(run.draw().members, ElementsAre("b"));
    EXPECT_EQ(run.state.at("b").turns, 1);
    EXPECT_EQ(run.state.at("b").credit, 0);
}

TEST(Nobody, goesToTheFallbackOrNowhereAndChargesNobody) {
    for (const Strategy strategy :
         {Strategy::round_robin, Strategy::failover, Strategy::all, Strategy::schedule}) {
        for (const bool empty : {false, true}) {
            Series run{rota(strategy, {})};
            if (strategy == Strategy::schedule) run.rota.schedule.emplace();
            if (!empty) run.rota.members.push_back(member("a"));
            if (!empty) run.at("a").paused = true;
            run.state["a"].credit = 5;
            const RotaState before = run.state;
            const Choice nobody = run.draw("a");
            EXPECT_EQ(nobody.reason, Reason::nobody);
            EXPECT_THAT(nobody.targets, IsEmpty());
            run.rota.fallback = {"office@example.com", "boss@example.com"};
            const Choice fallback = run.draw();
            EXPECT_EQ(fallback.reason, Reason::fallback);
            EXPECT_THAT(fallback.targets, ElementsAre("office@example.com", "boss@example.com"));
            EXPECT_THAT(fallback.members, IsEmpty());
            EXPECT_EQ(run.state, before);
        }
    }
}

}  // namespace
}  // namespace mailrota::policy
