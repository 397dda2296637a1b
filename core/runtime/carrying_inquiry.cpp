// How a provider is asked what became of a call in doubt: a part of Carrying.

#include <utility>

#include "core/runtime/carrying.h"
#include "core/runtime/relay_log.h"
#include "core/runtime/relay_past.h"
#include "core/runtime/relay_reply.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;
using store::RelayAttempt;
using Outcome = RelayAttempt::Recipient::Outcome;

}  // namespace

// Whoever knows what became of the attempt goes on as if it had been told at once.
asio::awaitable<void> Carrying::inquire(Inquiry inquiry, std::vector<Contender> members) {
    providers::LookUp found;
    const seconds within = time_left();
    if (within >= least_time_) {
        found = co_await ask_provider(services_, parcel_, inquiry.attempt, within);
        log_inquiry(services_, parcel_, inquiry.attempt, found);
    }
    asked_.insert(inquiry.attempt.id);
    co_await note_found(std::move(inquiry.attempt), std::move(found));
    batches_.push_back({std::move(inquiry.recipients), std::move(members)});
}

asio::awaitable<void> Carrying::note_found(RelayAttempt attempt, providers::LookUp found) {
    using Found = providers::LookUp::Found;
    const bool has_it = found.found == Found::accepted;
    const providers::Traits traits = parcel_.carrier(attempt.provider)->traits();
    const bool absent = found.found == Found::absent && may_be_absent(attempt, traits, services_.clock());
    if (!has_it && !absent) co_return;
    attempt.state = has_it ? RelayAttempt::State::accepted : RelayAttempt::State::refused;
    attempt.ended = services_.clock();
    attempt.words = one_line(found.words);
    for (auto& recipient : attempt.recipients) {
        if (recipient.outcome != Outcome::open && recipient.outcome != Outcome::uncertain) continue;
        recipient.outcome = has_it ? Outcome::accepted : Outcome::deferred;
        if (has_it) recipient.provider_id = found.provider_id;
    }
    store::Work work = [&attempt](store::Transaction& transaction) -> Result<void> {
        const auto ended = transaction.end_attempt(attempt);
        return ended ? Result<void>() : tl::unexpected(ended.error());
    };
    const Result<void> written = co_await services_.store.write(locks_of(parcel_.rota), std::move(work));
    if (!written) log_relay_not_written(services_, parcel_, {}, written.error().text);
}

}  // namespace mailrota::runtime
