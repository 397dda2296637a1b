#include "core/runtime/carrying.h"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include "core/runtime/relay_log.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;
using store::RelayAttempt;
using Outcome = RelayAttempt::Recipient::Outcome;
using Way = Verdict::Way;

// With less than that left, or than a provider is given, no further call begins: one that is cut off leaves
// a doubt behind.
constexpr seconds most_of_least_time{15};

const wire::Reply store_away{451, "4.3.0", "State store not available, try again later"};
const wire::Reply too_late{451, "4.4.1", "Not done in time, try again later"};
const wire::Reply fault_of_ours{451, "4.3.0", "Internal error, try again later"};

Carried carried_by(const Verdict& verdict, const std::string& provider) {
    const auto kind = verdict.way == Way::done     ? Carried::Kind::done
                      : verdict.way == Way::failed ? Carried::Kind::failed
                      : verdict.way == Way::later  ? Carried::Kind::deferred
                                                   : Carried::Kind::uncertain;
    return {kind, verdict.reply, provider, {}, false};
}

// What is kept of a recipient's outcome. Of a refusal the whole reply, to be given again.
void note(RelayAttempt::Recipient& recipient, const Verdict& verdict) {
    if (recipient.outcome == Outcome::accepted) return;  // by an earlier try of the same call
    recipient.outcome = verdict.outcome;
    recipient.provider_id = verdict.provider_id;
    recipient.words = verdict.way == Way::failed ? wire::to_line(verdict.reply) : verdict.words;
}

}  // namespace

Carrying::Carrying(Relay::Services& services, Parcel parcel)
    : services_(services), parcel_(std::move(parcel)), carried_(parcel_.consignment.recipients.size()) {
    Batch all;
    for (std::size_t i = 0; i < carried_.size(); ++i) all.recipients.push_back(i);
    all.members = parcel_.members;
    batches_.push_back(std::move(all));
}

asio::awaitable<std::vector<Carried>> Carrying::run() {
    std::string fault;
    try {
        co_await carry_all();
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    if (!fault.empty()) log_relay_not_written(services_, parcel_, {}, fault);
    std::vector<Carried> all = all_carried();
    co_return all;
}

std::vector<Carried> Carrying::all_carried() const {
    std::vector<Carried> all;
    for (const auto& one : carried_)
        all.push_back(one.value_or(Carried{Carried::Kind::deferred, fault_of_ours, {}, {}, false}));
    return all;
}

asio::awaitable<void> Carrying::carry_all() {
    while (!batches_.empty() || !inquiries_.empty()) {
        if (batches_.empty()) {
            auto [inquiry, members] = std::move(inquiries_.front());
            inquiries_.pop_front();
            co_await inquire(std::move(inquiry), std::move(members));
        } else {
            Batch batch = std::move(batches_.front());
            batches_.pop_front();
            co_await carry(std::move(batch));
        }
    }
}

// From provider to provider, until nobody is left of the batch and the end of its last call is written.
asio::awaitable<void> Carrying::carry(Batch batch) {
    std::optional<Ended> ended;
    for (;;) {
        if (time_left() < least_time_) defer(std::exchange(batch.recipients, {}), too_late);
        if (batch.recipients.empty() && !ended) co_return;
        const std::optional<Begun> begun = co_await step(batch, ended);
        if (!begun) co_return;
        if (begun->possible_duplicate) log_possible_duplicate(services_, parcel_, *begun);
        Ended now = co_await make_call(*begun, batch);
        ended = std::move(now);
    }
}

asio::awaitable<std::optional<Begun>> Carrying::step(Batch& batch, const std::optional<Ended>& ended) {
    Step step;
    std::vector<policy::Breaker> changed;
    const store::Work closing = closing_work(batch, ended);
    bool close = closing != nullptr;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        const store::Time now = services_.clock();
        if (ended)
            if (auto written = end_call(transaction, parcel_, *ended, now, changed); !written) return written;
        if (close)
            if (auto written = closing(transaction); !written) return written;
        auto begun = begin_step(transaction, parcel_, batch, asked_, now);
        if (!begun) return tl::unexpected(begun.error());
        step = *std::move(begun);
        return {};
    };
    Result<void> written = co_await services_.store.write(locks_of(parcel_.rota), work);
    // The end of the call is worth more than what was to be written with it.
    if (!written && close && written.error().kind == ErrorKind::invalid) {
        close = false;
        written = co_await services_.store.write(locks_of(parcel_.rota), work);
    }
    if (written && close) parcel_.consignment.closing->written = true;
    if (!written) {
        not_written(ended, written.error());
        defer(batch.recipients, store_away);
        co_return std::nullopt;
    }
    log_breakers(services_.log, services_.metrics, changed);
    for (auto& [recipient, carried] : step.settled) carried_[recipient] = std::move(carried);
    if (!step.rest.empty()) batches_.push_back({std::move(step.rest), batch.members, batch.doubtful});
    for (Inquiry& inquiry : step.inquiries) inquiries_.emplace_back(std::move(inquiry), batch.members);
    co_return std::move(step.begun);
}

store::Work Carrying::closing_work(const Batch& batch, const std::optional<Ended>& ended) {
    const bool last = ended && batch.recipients.empty() && batches_.empty() && inquiries_.empty();
    return last && parcel_.consignment.closing ? parcel_.consignment.closing->make(all_carried()) : nullptr;
}

asio::awaitable<Ended> Carrying::make_call(const Begun& begun, Batch& batch) {
    const auto before = std::chrono::steady_clock::now();
    const Called called = co_await call_provider(services_, parcel_, begun, time_left());
    const auto took = std::chrono::steady_clock::now() - before;
    co_return take(begun, called, batch, std::chrono::duration_cast<std::chrono::microseconds>(took));
}

Ended Carrying::take(const Begun& begun, const Called& called, Batch& batch, std::chrono::microseconds took) {
    const std::string& provider = begun.attempt.provider;
    Judgement judgement = judge(called.answer, provider, parcel_.domain, begun.repeated);
    log_call(services_, parcel_, begun, called, judgement, took);
    Ended ended{begun.attempt, {}, {}};
    if (called.sent) ended.healths = std::move(judgement.healths);
    ended.attempt.state = judgement.state;
    ended.attempt.words = judgement.words;
    ended.attempt.ended = services_.clock();
    std::vector<std::size_t> unsent;
    std::map<Contender::Tried, Batch> elsewhere;  // by what came of them here
    batch.recipients.clear();
    batch.doubtful = begun.possible_duplicate;
    for (std::size_t i = 0; i < judgement.recipients.size(); ++i) {
        const Verdict& verdict = judgement.recipients[i];
        note(ended.attempt.recipients[i], verdict);
        if (!begun.recipients[i]) continue;
        if (verdict.way == Way::again) {
            unsent.push_back(*begun.recipients[i]);
            continue;
        }
        if (verdict.way != Way::next) {
            carried_[*begun.recipients[i]] = carried_by(verdict, provider);
            continue;
        }
        const bool had_no_slot = !called.sent && verdict.tried == Contender::Tried::fault;
        const auto tried = had_no_slot ? Contender::Tried::of_now : verdict.tried;
        elsewhere[tried].members = batch.members;
        elsewhere[tried].doubtful = begun.possible_duplicate;
        elsewhere[tried].recipients.push_back(*begun.recipients[i]);
        const auto member = std::ranges::find(elsewhere[tried].members, provider, &Contender::provider);
        member->tried = tried;
        member->words = verdict.words;
    }
    again(unsent, judgement.recipients.size(), batch.members);
    // What is said of one recipient's mail is not said of another's.
    for (auto one = elsewhere.begin(); one != elsewhere.end(); ++one) {
        if (one == elsewhere.begin())
            batch = std::move(one->second);
        else
            batches_.push_back(std::move(one->second));
    }
    if (begun.keep && judgement.state == RelayAttempt::State::accepted)
        ended.hold = store::RelayHold{provider, ended.attempt.ended + parcel_.rota.hold};
    return ended;
}

// Without those who were refused; or, where it is not said which of them it is, one half and then the other,
// until it is found out.
void Carrying::again(const std::vector<std::size_t>& unsent, std::size_t of,
                     const std::vector<Contender>& members) {
    if (unsent.empty()) return;
    const auto half =
        unsent.begin() + static_cast<std::ptrdiff_t>(unsent.size() < of ? 0 : (unsent.size() + 1) / 2);
    if (half != unsent.begin()) batches_.push_back({{unsent.begin(), half}, members});
    if (half != unsent.end()) batches_.push_back({{half, unsent.end()}, members});
}

// What a provider has accepted is done all the same: the attempt stays begun, and is looked into when the
// mail is offered again.
void Carrying::not_written(const std::optional<Ended>& ended, const Error& error) {
    std::string sent;
    if (ended)
        for (const auto& recipient : ended->attempt.recipients)
            if (recipient.outcome == Outcome::accepted) sent += (sent.empty() ? "" : ",") + recipient.address;
    log_relay_not_written(services_, parcel_, sent, error.text);
}

void Carrying::defer(const std::vector<std::size_t>& recipients, const wire::Reply& reply) {
    for (const std::size_t recipient : recipients)
        carried_[recipient] = Carried{Carried::Kind::deferred, reply, {}, {}, false};
}

seconds Carrying::least_time() const {
    seconds least = most_of_least_time;
    for (const Contender& member : parcel_.members)
        least = std::min(least, parcel_.carrier(member.provider)->settings.timeout);
    return least;
}

seconds Carrying::time_left() const {
    const auto gone = std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - start_);
    return parcel_.consignment.within - gone;
}

}  // namespace mailrota::runtime
