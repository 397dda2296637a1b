#include "core/runtime/relay_choice.h"

#include <algorithm>
#include <utility>

#include "core/runtime/relay_reply.h"

namespace mailrota::runtime {
namespace {

using config::RelayRota;
using policy::Passage;

bool can_take(const Contender& one) {
    return one.fit == Contender::Fit::whole && one.tried == Contender::Tried::no &&
           one.passage != Passage::blocked;
}

bool is_out_of_order(const Contender& one) {
    if (one.fit != Contender::Fit::whole) return false;
    return one.tried == Contender::Tried::fault ||
           (one.tried == Contender::Tried::no && one.passage == Passage::blocked && !one.blocked_for_domain);
}

// Who might take it now or later without giving somebody the mail twice.
bool may_come(const Contender& one) {
    const bool fits = one.fit == Contender::Fit::whole && one.tried != Contender::Tried::of_mail;
    return fits && !one.may_have;
}

class Choosing {
  public:
    Choosing(const std::vector<Contender>& contenders, const Round& round)
        : contenders_(contenders), round_(round) {
        const bool others = std::ranges::any_of(contenders, may_come);
        for (const Contender& one : contenders) {
            const bool before = one.provider == round.before;
            const bool allowed = before || (!round.strict && !(others && one.may_have));
            available_.push_back(allowed && can_take(one));
        }
    }

    RelayChoice choose() {
        if (take_if_available(round_.before, "may have it already")) return std::move(choice_);
        if (std::ranges::none_of(available_, std::identity())) return nobody();
        if (round_.rota.strategy == RelayRota::Strategy::round_robin) return turn();
        const bool holds = round_.held && round_.now < round_.held->until;
        if (holds && take_if_available(round_.held->provider, "held")) return std::move(choice_);
        const auto first = std::ranges::find(available_, true) - available_.begin();
        take(static_cast<std::size_t>(first), first == 0 ? "first of the list" : "next of the list");
        const auto before = contenders_.begin() + first;
        choice_.keep = std::any_of(contenders_.begin(), before, is_out_of_order);
        return std::move(choice_);
    }

  private:
    void take(std::size_t place, std::string why) {
        choice_.chosen = place;
        choice_.why = std::move(why);
    }

    bool take_if_available(const std::string& provider, const std::string& why) {
        const auto found = std::ranges::find(contenders_, provider, &Contender::provider);
        if (found == contenders_.end()) return false;
        const auto place = static_cast<std::size_t>(found - contenders_.begin());
        if (available_[place]) take(place, why);
        return available_[place];
    }

    RelayChoice turn() {
        policy::Choice drawn =
            policy::choose(turns_of(round_.rota, available_), round_.turns, std::nullopt, round_.now);
        const auto found = std::ranges::find(contenders_, drawn.members.front(), &Contender::provider);
        take(static_cast<std::size_t>(found - contenders_.begin()), "turn");
        choice_.turns = std::move(drawn.state);
        return std::move(choice_);
    }

    RelayChoice nobody() {
        choice_.nobody = reply_of_nobody(round_.rota.name, contenders_);
        for (const Contender& one : contenders_) {
            if (one.passage != Passage::blocked || one.fit != Contender::Fit::whole) continue;
            const auto wait =
                std::max<std::chrono::seconds>(one.reopens - round_.now, std::chrono::seconds(1));
            choice_.wait = choice_.wait.count() == 0 ? wait : std::min(choice_.wait, wait);
        }
        return std::move(choice_);
    }

    const std::vector<Contender>& contenders_;
    const Round& round_;
    std::vector<bool> available_;
    RelayChoice choice_;
};

}  // namespace

RelayChoice choose_provider(const std::vector<Contender>& contenders, const Round& round) {
    return Choosing(contenders, round).choose();
}

policy::Rota turns_of(const RelayRota& rota, const std::vector<bool>& available) {
    policy::Rota turns;
    turns.name = rota.name;
    turns.strategy = policy::Strategy::round_robin;
    for (std::size_t i = 0; i < rota.members.size(); ++i) {
        policy::Member member;
        member.kind = policy::Member::Kind::provider;
        member.id = member.target = rota.members[i].provider;
        member.weight = rota.members[i].weight;
        member.paused = !available[i];
        turns.members.push_back(std::move(member));
    }
    return turns;
}

}  // namespace mailrota::runtime
