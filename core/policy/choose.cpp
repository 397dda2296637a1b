#include <algorithm>
#include <numeric>

#include "core/policy/rota.h"

namespace mailrota::policy {
namespace {

using std::chrono::sys_seconds;
using Place = std::size_t;  // in the list of members

// No credit is moved further than this by sticky turns, so that no number of them can overflow it.
constexpr std::int64_t credit_limit = 100'000 * credit_unit;

// Who is there, with the credits as they stand.
std::vector<Candidate> call_roll(const Rota& rota, const RotaState& state, sys_seconds now) {
    static const MemberState unknown;
    std::vector<Candidate> candidates;
    candidates.reserve(rota.members.size());
    for (const Member& member : rota.members) {
        const auto found = state.find(member.id);
        const MemberState& known = found == state.end() ? unknown : found->second;
        candidates.push_back({member.id, absence(member, known, now), known.credit});
    }
    return candidates;
}

bool available(const Candidate& candidate) { return candidate.absence == Absence::none; }

// The first available one at or after `from`, past the list's end on from its beginning.
std::optional<Place> next_available(const std::vector<Candidate>& candidates, Place from) {
    for (Place step = 0; step < candidates.size(); ++step) {
        const Place place = (from + step) % candidates.size();
        if (available(candidates[place])) return place;
    }
    return std::nullopt;
}

std::optional<Place> find(const std::vector<Candidate>& candidates, const std::optional<std::string>& id) {
    const auto found =
        std::ranges::find_if(candidates, [&](const Candidate& one) { return id && one.id == *id; });
    if (found == candidates.end()) return std::nullopt;
    return static_cast<Place>(found - candidates.begin());
}

void count_turn(const Member& member, MemberState& state, sys_seconds now) {
    const date::local_days today = date::floor<date::days>(member.zone.local(now));
    state.turns_today = turns_on_day(state, today) + 1;
    state.day = static_cast<std::int32_t>(today.time_since_epoch().count());
    state.last_turn = now;
    ++state.turns;
}

void serve(Choice& choice, const Member& member, Choice::Reason reason, sys_seconds now) {
    choice.reason = reason;
    choice.targets.push_back(member.target);
    choice.members.push_back(member.id);
    count_turn(member, choice.state[member.id], now);
}

// Adds to every available candidate its share of one turn. The shares are rounded down, equal ones equally.
void grant_shares(const Rota& rota, std::vector<Candidate>& candidates) {
    std::int64_t total = 0;
    for (Place place = 0; place < candidates.size(); ++place) {
        if (available(candidates[place])) total += rota.members[place].weight;
    }
    for (Place place = 0; place < candidates.size(); ++place) {
        if (available(candidates[place]))
            candidates[place].credit += rota.members[place].weight * credit_unit / total;
    }
}

// At least one candidate is available.
Place largest_credit(const std::vector<Candidate>& candidates) {
    const auto less = [](const Candidate& left, const Candidate& right) {
        if (available(left) != available(right)) return available(right);
        return left.credit < right.credit;
    };
    return static_cast<Place>(std::ranges::max_element(candidates, less) - candidates.begin());
}

// Puts the candidates' credits into the state; the one at `winner` pays its turn.
void settle_credits(Choice& choice, Place winner) {
    for (const Candidate& candidate : choice.candidates) {
        if (available(candidate)) choice.state[candidate.id].credit = candidate.credit;
    }
    choice.state[choice.candidates[winner].id].credit -= credit_unit;
}

bool at_limit(const std::vector<Candidate>& candidates, Place winner) {
    const auto rich = [](const Candidate& one) { return available(one) && one.credit >= credit_limit; };
    return candidates[winner].credit <= -credit_limit || std::ranges::any_of(candidates, rich);
}

void serve_sticky(const Rota& rota, Choice& choice, Place place, sys_seconds now) {
    if (rota.strategy == Strategy::round_robin && !at_limit(choice.candidates, place)) {
        grant_shares(rota, choice.candidates);
        settle_credits(choice, place);
    }
    serve(choice, rota.members[place], Choice::Reason::sticky, now);
}

void serve_next(const Rota& rota, Choice& choice, sys_seconds now) {
    grant_shares(rota, choice.candidates);
    const Place winner = largest_credit(choice.candidates);
    settle_credits(choice, winner);
    serve(choice, rota.members[winner], Choice::Reason::turn, now);
}

void serve_everyone(const Rota& rota, Choice& choice, sys_seconds now) {
    for (Place place = 0; place < rota.members.size(); ++place) {
        if (available(choice.candidates[place]))
            serve(choice, rota.members[place], Choice::Reason::everyone, now);
    }
}

void serve_on_duty(const Rota& rota, Choice& choice, Place first_choice, sys_seconds now) {
    const Place duty = find(choice.candidates, on_duty(rota, now)).value_or(first_choice);
    const Place place = *next_available(choice.candidates, duty);
    const bool covers = place != duty;
    serve(choice, rota.members[place], covers ? Choice::Reason::covers : Choice::Reason::on_duty, now);
}

// `first` is the first available in list order.
void serve_by_strategy(const Rota& rota, Choice& choice, Place first, sys_seconds now) {
    switch (rota.strategy) {
        case Strategy::round_robin:
            return serve_next(rota, choice, now);
        case Strategy::failover:
            return serve(choice, rota.members[first], Choice::Reason::first_available, now);
        case Strategy::all:
            return serve_everyone(rota, choice, now);
        case Strategy::schedule:
            return serve_on_duty(rota, choice, first, now);
    }
}

void fall_back(const Rota& rota, Choice& choice) {
    choice.targets = rota.fallback;
    choice.reason = rota.fallback.empty() ? Choice::Reason::nobody : Choice::Reason::fallback;
}

}  // namespace

Choice choose(const Rota& rota, RotaState state, const std::optional<std::string>& sticky_member,
              sys_seconds now) {
    Choice choice;
    choice.state = std::move(state);
    choice.candidates = call_roll(rota, choice.state, now);
    const std::optional<Place> first = next_available(choice.candidates, 0);
    const std::optional<Place> sticky = find(choice.candidates, sticky_member);
    if (!first) {
        fall_back(rota, choice);
    } else if (rota.strategy != Strategy::all && sticky && available(choice.candidates[*sticky])) {
        serve_sticky(rota, choice, *sticky, now);
    } else {
        serve_by_strategy(rota, choice, *first, now);
    }
    return choice;
}

}  // namespace mailrota::policy
