#include "core/runtime/relay_intent.h"

#include <algorithm>
#include <utility>

#include "core/runtime/relay_reply.h"

namespace mailrota::runtime {
namespace {

using std::chrono::seconds;
using store::RelayAttempt;
using Kind = Carried::Kind;
using Way = Doubt::Way;

const wire::Reply under_way{451, "4.4.5", "This mail is being delivered already, try again later"};

class Sorting {
  public:
    Sorting(store::Transaction& transaction, const Parcel& parcel, const Batch& batch,
            const std::set<std::string>& asked, store::Time now)
        : transaction_(transaction), parcel_(parcel), batch_(batch), asked_(asked), now_(now) {}

    Result<Sorted> take() {
        if (auto looked = look_back(); !looked) return tl::unexpected(looked.error());
        if (auto refused = refuse_suppressed(); !refused) return tl::unexpected(refused.error());
        return std::move(sorted_);
    }

  private:
    const Consignment::Recipient& recipient(std::size_t place) const {
        return parcel_.consignment.recipients[place];
    }

    void settle(std::size_t place, Kind kind, wire::Reply reply, std::string provider = {}, seconds wait = {},
                bool replayed = false) {
        sorted_.settled.emplace_back(place,
                                     Carried{kind, std::move(reply), std::move(provider), wait, replayed});
    }

    // What earlier attempts tell of each recipient.
    Result<void> look_back() {
        std::vector<std::string> offers;
        for (const std::size_t place : batch_.recipients) offers.push_back(recipient(place).offer);
        auto found = transaction_.attempts_of(offers);
        if (!found) return tl::unexpected(found.error());
        sorted_.attempts = *std::move(found);
        const auto patience = [this](std::string_view provider) {
            return patience_with(*parcel_.carriers, provider);
        };
        for (const std::size_t place : batch_.recipients)
            take_past(place, past_of(recipient(place).offer, sorted_.attempts, patience, now_));
        return {};
    }

    void take_past(std::size_t place, const Past& past) {
        switch (past.kind) {
            case Past::Kind::nothing:
                sorted_.intents.push_back({place, {}, {}, false, false});
                return;
            case Past::Kind::accepted:
                return settle(place, Kind::done,
                              reply_of_acceptance(past.attempt->provider, past.recipient->provider_id),
                              past.attempt->provider, {}, true);
            case Past::Kind::failed:
                return settle(
                    place, Kind::failed,
                    wire::from_line(past.recipient->words).value_or(wire::Reply{554, "5.0.0", "Refused"}),
                    past.attempt->provider, {}, true);
            case Past::Kind::under_way:
                return settle(place, Kind::deferred, under_way, past.attempt->provider, past.until - now_);
            case Past::Kind::in_doubt:
                return take_doubt(place, *past.attempt);
        }
    }

    void take_doubt(std::size_t place, const RelayAttempt& attempt) {
        const Carrier* carrier = is_member(attempt.provider) ? parcel_.carrier(attempt.provider) : nullptr;
        const providers::Traits traits = carrier ? carrier->traits() : providers::Traits{};
        const Doubt doubt =
            resolve(attempt, parcel_.rota, carrier ? &traits : nullptr, asked_.contains(attempt.id), now_);
        switch (doubt.way) {
            case Way::ask:
                return ask(place, attempt);
            case Way::repeat:
                return sorted_.intents.push_back({place, place_of(attempt), attempt.provider, true, true});
            case Way::wait:
                return settle(place, Kind::uncertain, reply_of_doubt(attempt.provider), attempt.provider,
                              doubt.until - now_);
            case Way::again:
                return sorted_.intents.push_back({place, {}, attempt.provider, true, doubt.strict});
            case Way::elsewhere:
                return sorted_.intents.push_back({place, {}, attempt.provider, false, false});
        }
    }

    std::size_t place_of(const RelayAttempt& attempt) const {
        return static_cast<std::size_t>(&attempt - sorted_.attempts.data());
    }

    bool is_member(const std::string& provider) const {
        return std::ranges::find(batch_.members, provider, &Contender::provider) != batch_.members.end();
    }

    void ask(std::size_t place, const RelayAttempt& attempt) {
        for (Inquiry& one : sorted_.inquiries)
            if (one.attempt.id == attempt.id) return one.recipients.push_back(place);
        sorted_.inquiries.push_back({attempt, {place}});
    }

    // A call that goes out again stays as it was.
    Result<void> refuse_suppressed() {
        std::vector<std::string> addresses;
        for (const Intent& intent : sorted_.intents) addresses.push_back(recipient(intent.recipient).address);
        if (addresses.empty()) return {};
        auto found = transaction_.suppressed(addresses);
        if (!found) return tl::unexpected(found.error());
        const auto why_not = [&](const Intent& intent) -> const store::Suppression* {
            const auto key = mail::Address::from_envelope(recipient(intent.recipient).address).key();
            for (const store::Suppression& one : *found)
                if (mail::Address::from_envelope(one.address).key() == key) return &one;
            return nullptr;
        };
        std::erase_if(sorted_.intents, [&](const Intent& intent) {
            const auto* suppression = intent.repeat ? nullptr : why_not(intent);
            if (suppression != nullptr)
                settle(intent.recipient, Kind::failed, reply_of_suppression(*suppression));
            return suppression != nullptr;
        });
        return {};
    }

    store::Transaction& transaction_;
    const Parcel& parcel_;
    const Batch& batch_;
    const std::set<std::string>& asked_;
    const store::Time now_;
    Sorted sorted_;
};

}  // namespace

Result<Sorted> sort_batch(store::Transaction& transaction, const Parcel& parcel, const Batch& batch,
                          const std::set<std::string>& asked, store::Time now) {
    return Sorting(transaction, parcel, batch, asked, now).take();
}

}  // namespace mailrota::runtime
