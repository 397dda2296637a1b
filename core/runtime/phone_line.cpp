#include "core/runtime/phone_line.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mailrota::runtime {
namespace {

using policy::Breaker;
using policy::Passage;
using std::chrono::seconds;
using State = PhoneLine::State;

// Jobs are looked at every second: so far ahead a slot must be taken that none is lost.
constexpr seconds near{1};
constexpr seconds for_a_free_line{1};
constexpr seconds longest_pause{60};
constexpr seconds longest_pause_of_critical{5};

// Calls and SMS are paced apart. Names of accounts hold no blank.
std::string line_name(policy::ContactWay way, const std::string& account) {
    return way == policy::ContactWay::sms ? "sms " + account : account;
}

// One look for a line, inside its transaction.
class LineSearch {
  public:
    LineSearch(store::Transaction& transaction, const ContactTerms& terms, const Outgoing& outgoing)
        : transaction_(transaction), terms_(terms), outgoing_(outgoing), now_(terms.seconds()) {}

    Result<PhoneLine> run() {
        if (auto known = read_breakers(); !known) return tl::unexpected(known.error());
        for (const std::string& account : terms_.telephones.order()) {
            if (!may_carry(account)) continue;
            if (auto tried = try_account(account); !tried) return tl::unexpected(tried.error());
            if (line_.state == State::taken || (line_.state == State::busy && !critical())) break;
        }
        return std::move(line_);
    }

  private:
    bool critical() const { return outgoing_.incident.severity == policy::Severity::critical; }

    Result<void> read_breakers() {
        std::vector<std::string> scopes;
        for (const auto& account : terms_.telephones.order()) scopes.push_back(telephone_scope(account));
        auto known = transaction_.breakers(scopes);
        if (!known) return tl::unexpected(known.error());
        breakers_ = *std::move(known);
        return {};
    }

    bool may_carry(const std::string& account) const {
        return terms_.telephones.account(account) != nullptr &&
               std::ranges::find(outgoing_.refused, account) == outgoing_.refused.end();
    }

    Breaker breaker_of(const std::string& account) const {
        const auto scope = telephone_scope(account);
        const auto found = std::ranges::find(breakers_, scope, &Breaker::scope);
        if (found != breakers_.end()) return *found;
        Breaker closed;
        closed.scope = scope;
        return closed;
    }

    Result<void> try_account(const std::string& account) {
        const Breaker breaker = breaker_of(account);
        const auto passage = policy::passage(breaker, now_);
        if (passage == Passage::blocked) {
            note_out_of_order(pause_before(breaker));
            return {};
        }
        const auto why = why_not(account);
        if (!why) return tl::unexpected(why.error());
        if (!why->empty()) {
            line_ = {State::busy, account, {}, for_a_free_line, *why};
            return {};
        }
        line_ = {State::taken, account, slot_, {}, {}};
        if (passage != Passage::probe) return {};
        return transaction_.put_breaker(policy::begin_probe(breaker, account_terms(), now_));
    }

    // An answer to somebody else's call may put it in order before its time: the one who tries it has that
    // any moment.
    seconds pause_before(const Breaker& breaker) const {
        if (breaker.state == Breaker::State::probing) return for_a_free_line;
        return std::clamp<seconds>(policy::reopens(breaker) - now_, seconds(1),
                                   critical() ? longest_pause_of_critical : longest_pause);
    }

    // A line of another account that is only busy is free sooner.
    void note_out_of_order(seconds wait) {
        if (line_.state == State::busy) return;
        const bool sooner = line_.state != State::out_of_order || wait < line_.wait;
        if (sooner) line_ = {State::out_of_order, {}, {}, wait, {}};
    }

    // Empty: a line of this account was taken, at slot_.
    Result<std::string> why_not(const std::string& account) {
        const auto& settings = terms_.telephones.account(account)->settings();
        const auto way = outgoing_.contact.way;
        if (way == policy::ContactWay::call) {
            const auto busy = transaction_.calls_under_way(account, now_ - longest_call);
            if (!busy) return tl::unexpected(busy.error());
            if (*busy >= static_cast<int>(settings.in_flight)) return "all lines of " + account + " are busy";
        }
        const auto worse = transaction_.worse_waits(way, outgoing_.incident.severity, now_);
        if (!worse) return tl::unexpected(worse.error());
        if (*worse) return "something worse goes out first";
        const auto slot =
            transaction_.take_slot(line_name(way, account), terms_.now, settings.pace, terms_.now + near);
        if (!slot) return tl::unexpected(slot.error());
        if (!*slot) return account + " is kept to its pace";
        slot_ = **slot;
        return std::string();
    }

    store::Transaction& transaction_;
    const ContactTerms& terms_;
    const Outgoing& outgoing_;
    store::Time now_;
    std::vector<Breaker> breakers_;
    PhoneLine line_;
    store::Incidents::Milliseconds slot_{};
};

}  // namespace

Result<PhoneLine> take_line(store::Transaction& transaction, const ContactTerms& terms,
                            const Outgoing& outgoing) {
    return LineSearch(transaction, terms, outgoing).run();
}

}  // namespace mailrota::runtime
