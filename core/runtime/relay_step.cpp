#include "core/runtime/relay_step.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "core/mail/address.h"
#include "core/runtime/relay_breakers.h"
#include "core/runtime/relay_intent.h"
#include "core/runtime/relay_reply.h"
#include "core/runtime/relay_verdict.h"
#include "core/runtime/relayed_mail.h"

namespace mailrota::runtime {
namespace {

using store::RelayAttempt;
using Kind = Carried::Kind;

// One step of one batch: settles what needs no call, then begins one.
class Stepping {
  public:
    Stepping(store::Transaction& transaction, const Parcel& parcel, const Batch& batch, Sorted sorted,
             store::Time now)
        : transaction_(transaction),
          parcel_(parcel),
          batch_(batch),
          attempts_(std::move(sorted.attempts)),
          intents_(std::move(sorted.intents)),
          now_(now) {
        step_.settled = std::move(sorted.settled);
        step_.inquiries = std::move(sorted.inquiries);
    }

    Result<Step> take() {
        if (intents_.empty()) return std::move(step_);
        const Intent first = intents_.front();
        const auto goes = [&first](const Intent& one) { return one.goes_with(first); };
        leave(std::stable_partition(intents_.begin(), intents_.end(), goes));
        auto begun = first.repeat ? repeat(attempts_[*first.repeat]) : choose(first);
        if (!begun) return tl::unexpected(begun.error());
        return std::move(step_);
    }

  private:
    // From here on they are for a further step.
    void leave(std::vector<Intent>::iterator rest) {
        for (auto one = rest; one != intents_.end(); ++one) step_.rest.push_back(one->recipient);
        intents_.erase(rest, intents_.end());
    }

    const Consignment::Recipient& recipient(std::size_t place) const {
        return parcel_.consignment.recipients[place];
    }

    void settle_all(const Carried& carried) {
        for (const Intent& intent : intents_) step_.settled.emplace_back(intent.recipient, carried);
    }

    Result<void> repeat(const RelayAttempt& attempt) {
        auto breakers = Breakers::read(transaction_, parcel_, batch_.members);
        if (!breakers) return tl::unexpected(breakers.error());
        std::vector<Contender> members = breakers->apply(batch_.members, now_);
        const auto member = std::ranges::find(members, attempt.provider, &Contender::provider);
        if (member->passage == policy::Passage::blocked) {
            settle_all({Kind::uncertain, reply_of_doubt(attempt.provider), attempt.provider,
                        member->reopens - now_, false});
            return {};
        }
        Begun begun;
        begun.attempt = attempt;
        begun.why = "the call before told nothing";
        begun.repeated = true;
        return begin(std::move(begun), *breakers, *member);
    }

    Result<void> choose(const Intent& intent) {
        auto breakers = Breakers::read(transaction_, parcel_, batch_.members);
        if (!breakers) return tl::unexpected(breakers.error());
        std::vector<Contender> members = breakers->apply(batch_.members, now_);
        for (Contender& one : members) one.may_have = one.provider == intent.before;
        auto round = round_of(intent);
        if (!round) return tl::unexpected(round.error());
        RelayChoice choice = choose_provider(members, *round);
        if (!choice.chosen) {
            const Kind kind = wire::is_permanent(choice.nobody) ? Kind::failed : Kind::deferred;
            settle_all({kind, choice.nobody, {}, choice.wait, false});
            return {};
        }
        if (!choice.turns.empty())
            if (auto put = transaction_.put_rota_state(parcel_.rota.name, choice.turns); !put) return put;
        const Contender& chosen = members[*choice.chosen];
        Begun begun;
        begun.why = std::move(choice.why);
        begun.possible_duplicate = batch_.doubtful || !intent.before.empty();
        begun.keep = choice.keep;
        begun.attempt = attempt_at(chosen.provider);
        return begin(std::move(begun), *breakers, chosen);
    }

    Result<Round> round_of(const Intent& intent) {
        Round round{parcel_.rota, {}, {}, now_, intent.again ? intent.before : std::string(), intent.strict};
        if (parcel_.rota.strategy == config::RelayRota::Strategy::round_robin) {
            auto turns = transaction_.rota_state(parcel_.rota.name);
            if (!turns) return tl::unexpected(turns.error());
            round.turns = *std::move(turns);
            return round;
        }
        auto held = transaction_.relay_hold(parcel_.rota.name);
        if (!held) return tl::unexpected(held.error());
        round.held = *std::move(held);
        return round;
    }

    // Of as many recipients as this provider takes in one call.
    RelayAttempt attempt_at(const std::string& provider) {
        const std::size_t most = most_at(*parcel_.carrier(provider));
        if (intents_.size() > most) leave(intents_.begin() + static_cast<std::ptrdiff_t>(most));
        RelayAttempt attempt;
        attempt.mail = parcel_.consignment.mail.id;
        attempt.rota = parcel_.rota.name;
        attempt.provider = provider;
        std::vector<std::string> offers;
        for (const Intent& intent : intents_) {
            const auto& [address, offer, parameters] = recipient(intent.recipient);
            RelayAttempt::Recipient to;
            to.offer = offer;
            to.address = address;
            attempt.recipients.push_back(std::move(to));
            offers.push_back(offer);
        }
        attempt.id = attempt_id(attempt.rota, provider, std::move(offers));
        attempt.begun = now_;
        return attempt;
    }

    // How many of the intents go in one call.
    std::size_t most_at(const Carrier& carrier) const {
        const std::size_t limit = carrier.traits().max_recipients;
        const std::size_t most = limit == 0 ? intents_.size() : std::min(limit, intents_.size());
        if (!carrier.dialect || most < 2) return most;
        std::vector<std::string> first;
        for (std::size_t i = 0; i < most; ++i) first.push_back(recipient(intents_[i].recipient).address);
        return carrier.dialect->most_recipients(outgoing(parcel_, carrier, std::move(first), {}));
    }

    Result<void> begin(Begun begun, const Breakers& breakers, const Contender& at) {
        begun.attempt.state = RelayAttempt::State::begun;
        begun.attempt.last = now_;
        begun.attempt.ended = {};
        begun.attempt.owner = parcel_.owner;
        for (const auto& one : begun.attempt.recipients) begun.recipients.push_back(place_of(one.offer));
        if (auto put = breakers.begin_probes(transaction_, parcel_, at, now_); !put) return put;
        if (auto kept = remember(begun); !kept) return kept;
        if (auto put = transaction_.begin_attempt(parcel_.consignment.mail, begun.attempt); !put) return put;
        step_.begun = std::move(begun);
        return {};
    }

    // What a later bounce needs: the MTA forgets the mail as soon as we have said that it is accepted.
    Result<void> remember(const Begun& begun) {
        const Consignment& consignment = parcel_.consignment;
        if (!parcel_.carriers->settings().notify || consignment.sender.empty()) return {};
        const std::string name = relayed_mail_name(consignment.mail.id);
        const auto known = transaction_.bytes(name);
        if (!known) return tl::unexpected(known.error());
        const Result<RelayedMail> read =
            *known ? read_relayed_mail(**known) : Result<RelayedMail>(invalid("nothing is remembered"));
        RelayedMail mail{consignment.sender_parameters, {}, {}};
        if (read) mail = *read;
        const bool more = add_recipients(mail, begun);
        if (read && !more) return {};
        if (!read) mail.header = returned_header(consignment.message);
        return transaction_.put_bytes(name, to_json(mail));
    }

    // Those of the call who are not in it yet; false: there are none. There may be thousands.
    bool add_recipients(RelayedMail& into, const Begun& begun) const {
        const auto key_of = [](const std::string& address) {
            return mail::Address::from_envelope(address).key();
        };
        std::unordered_set<std::string> known;
        for (const RelayedMail::Recipient& one : into.recipients) known.insert(key_of(one.address));
        const std::size_t before = into.recipients.size();
        for (const auto& place : begun.recipients) {
            if (!place || recipient(*place).parameters.empty()) continue;
            const auto& [address, offer, parameters] = recipient(*place);
            if (known.insert(key_of(address)).second) into.recipients.push_back({address, parameters});
        }
        return into.recipients.size() > before;
    }

    std::optional<std::size_t> place_of(const std::string& offer) const {
        for (const Intent& intent : intents_)
            if (recipient(intent.recipient).offer == offer) return intent.recipient;
        return std::nullopt;
    }

    store::Transaction& transaction_;
    const Parcel& parcel_;
    const Batch& batch_;
    const std::vector<RelayAttempt> attempts_;
    std::vector<Intent> intents_;
    const store::Time now_;
    Step step_;
};

}  // namespace

Result<Step> begin_step(store::Transaction& transaction, const Parcel& parcel, const Batch& batch,
                        const std::set<std::string>& asked, store::Time now) {
    if (batch.recipients.empty()) return Step{};
    // Without entries: from here on no other node begins anything for this mail.
    if (auto held = transaction.put_journal(parcel.consignment.mail, {}); !held)
        return tl::unexpected(held.error());
    auto sorted = sort_batch(transaction, parcel, batch, asked, now);
    if (!sorted) return tl::unexpected(sorted.error());
    return Stepping(transaction, parcel, batch, *std::move(sorted), now).take();
}

Result<void> end_call(store::Transaction& transaction, const Parcel& parcel, const Ended& ended,
                      store::Time now, std::vector<policy::Breaker>& changed) {
    changed.clear();
    const auto told = transaction.end_attempt(ended.attempt);
    if (!told) return tl::unexpected(told.error());
    auto put = put_healths(transaction, *parcel.carriers, ended, now);
    if (!put) return tl::unexpected(put.error());
    changed = *std::move(put);
    if (ended.hold) return transaction.put_relay_hold(parcel.rota.name, *ended.hold);
    return {};
}

}  // namespace mailrota::runtime
