#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/policy/escalation_sample.h"

// Whatever becomes of calls and messages, an escalation goes on, keeps its bounds and ends.
namespace mailrota::policy {
namespace {

using namespace sample;
using State = Contact::State;
using Way = ContactWay;

using Random = std::mt19937;

int random(Random& random, int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
}

std::vector<Way> random_ways(Random& dice) {
    const std::vector<std::vector<Way>> ways{
        {Way::call}, {Way::sms}, {Way::call, Way::sms}, {Way::sms, Way::call}};
    return ways[static_cast<std::size_t>(random(dice, 0, 3))];
}

std::vector<Rota> random_rotas(Random& dice) {
    std::vector<Rota> rotas;
    for (int r = 0; r < 3; ++r) {
        std::vector<Member> members;
        for (int m = random(dice, 0, 4); m > 0; --m) {
            // Some people stand in more than one rota.
            auto member = phone("", fmt::format("+155501{}", random(dice, 0, 9)), random_ways(dice));
            member.paused = random(dice, 0, 5) == 0;
            if (std::ranges::find(members, member.id, &Member::id) == members.end())
                members.push_back(member);
        }
        const Strategy strategies[] = {Strategy::round_robin, Strategy::failover, Strategy::all};
        rotas.push_back(phones(fmt::format("rota{}", r), strategies[random(dice, 0, 2)], members));
    }
    return rotas;
}

Alert random_alert(Random& dice) {
    std::vector<EscalationStep> steps;
    for (int s = random(dice, 1, 4); s > 0; --s) {
        const seconds wait{random(dice, 30, 600)};
        steps.push_back({fmt::format("rota{}", random(dice, 0, 3)), random(dice, 1, 4), wait,
                         seconds{random(dice, 1, static_cast<int>(wait.count()))}});
    }
    auto made = alert(std::move(steps));
    made.rounds = random(dice, 1, 3);
    made.window = hours{200};
    if (random(dice, 0, 3) == 0) {
        made.severity = Severity::error;
        made.quiet = *Hours::parse("22:00-06:00");
        made.zone = *Zone::find("Europe/Berlin");
    }
    return made;
}

Fate random_fate(Random& dice) {
    switch (random(dice, 0, 9)) {
        case 0:
            return {State::placed, seconds::max()};
        case 1:
            return {State::barred, seconds{random(dice, 0, 5)}};
        case 2:
            return {State::cancelled, seconds{random(dice, 0, 50)}};
        case 3:
        case 4:
        case 5:
            return {State::done, seconds{random(dice, 0, 900)}};
        default:
            return {State::unreached, seconds{random(dice, 0, 60)}};
    }
}

// The longest that it can take: everybody barred or passed on gives somebody else tries of their own.
seconds bound(const Exchange& exchange) {
    seconds longest = escalation_time(exchange.alert);
    seconds of_one_step{0};
    for (const auto& step : exchange.alert.escalate)
        of_one_step = std::max(of_one_step, step.tries * step.wait + hours{1});
    std::size_t people = 1;
    for (const auto& rota : exchange.rotas) people += rota.members.size();
    longest += static_cast<int>(people) * of_one_step;
    return exchange.alert.quiet ? longest + hours{9} * (2 + longest / hours{15}) : longest;
}

void expect_no_two_calls_at_once(const Exchange& exchange) {
    std::map<std::string, std::vector<const Contact*>> calls;
    for (const auto& contact : exchange.contacts) {
        if (contact.way != Way::call) continue;
        for (const auto* earlier : calls[contact.number]) {
            EXPECT_TRUE(earlier->over()) << "a second call while one hangs";
            EXPECT_LE(earlier->ended, contact.made);
        }
        calls[contact.number].push_back(&contact);
    }
}

void expect_no_barred_number(const Exchange& exchange) {
    std::map<std::pair<Way, std::string>, Instant> barred_since;
    for (const auto& contact : exchange.contacts)
        if (contact.state == State::barred) barred_since[{contact.way, contact.number}] = contact.ended;
    for (const auto& contact : exchange.contacts) {
        const auto since = barred_since.find({contact.way, contact.number});
        if (since == barred_since.end()) continue;
        EXPECT_LE(contact.made, since->second) << contact.number << " is known not to be reached";
    }
}

void expect_steps_keep_their_tries(const Exchange& exchange, const Advance& next) {
    const auto& progress = exchange.incident.progress;
    if (next.after.state != Incident::State::open || progress.tries == 0) return;
    EXPECT_LE(progress.tries, exchange.alert.escalate[static_cast<std::size_t>(progress.step)].tries);
    EXPECT_LT(progress.round, exchange.alert.rounds);
}

void expect_no_absent_member(const Exchange& exchange, const Advance& next) {
    const auto step = static_cast<std::size_t>(exchange.incident.progress.step);
    for (const auto& contact : next.contacts) {
        const auto* rota = exchange.on_call.rotas.at(exchange.alert.escalate[step].rota).rota;
        const auto member = std::ranges::find(rota->members, contact.member, &Member::id);
        ASSERT_NE(member, rota->members.end());
        EXPECT_FALSE(member->paused);
    }
    if (!exchange.alert.quiet || next.contacts.empty()) return;
    EXPECT_FALSE(exchange.alert.quiet->hold(exchange.alert.zone.local(exchange.now)));
}

// Runs it to its end; people pass it on now and then.
void run(Exchange& exchange, Random& dice) {
    const auto latest = three_at_night + bound(exchange);
    for (int i = 0; i < 10'000; ++i) {
        const auto next = exchange.step();
        expect_steps_keep_their_tries(exchange, next);
        expect_no_absent_member(exchange, next);
        if (exchange.incident.state != Incident::State::open) {
            EXPECT_EQ(next.wake, std::nullopt);
            EXPECT_LE(exchange.now, latest);
            return;
        }
        ASSERT_TRUE(next.wake) << "an open incident that nobody looks at again";
        ASSERT_GT(*next.wake, exchange.now);
        exchange.pass_time(*next.wake);
        const auto& members = exchange.incident.progress.members;
        if (random(dice, 0, 40) == 0 && !members.empty())
            exchange.incident = *passed_on(exchange.incident, members.front());
    }
    ADD_FAILURE() << "it does not end";
}

TEST(EscalationProperties, HoldWhateverBecomesOfTheContacts) {
    for (unsigned seed = 0; seed < 400; ++seed) {
        SCOPED_TRACE(seed);
        Random dice(seed);
        const auto rotas = random_rotas(dice);
        Exchange exchange(random_alert(dice), rotas, [&](const Contact&) { return random_fate(dice); });
        run(exchange, dice);
        EXPECT_EQ(exchange.incident.state, Incident::State::exhausted);
        EXPECT_EQ(exchange.fallbacks, 1);
        EXPECT_FALSE(exchange.repeated);
        expect_no_two_calls_at_once(exchange);
        expect_no_barred_number(exchange);
        if (HasFailure()) return;
    }
}

TEST(EscalationProperties, AnAcknowledgementAtAnyMomentEndsIt) {
    for (unsigned seed = 0; seed < 100; ++seed) {
        SCOPED_TRACE(seed);
        Random dice(seed);
        const auto rotas = random_rotas(dice);
        Exchange exchange(random_alert(dice), rotas, [&](const Contact&) { return random_fate(dice); });
        for (int events = random(dice, 0, 20); events > 0; --events) {
            const auto next = exchange.step();
            if (next.wake) exchange.pass_time(*next.wake);
        }
        const auto taken = acknowledged(exchange.incident, "+15550101", exchange.now);
        ASSERT_TRUE(taken);
        exchange.incident = *taken;
        const auto next = exchange.step();
        EXPECT_TRUE(next.contacts.empty());
        EXPECT_EQ(next.wake, std::nullopt);
    }
}

}  // namespace
}  // namespace mailrota::policy
