#include "core/runtime/errand.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cctype>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "core/mail/digest.h"
#include "core/runtime/delivery_log.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

const wire::Reply store_away{451, "4.3.0", "State store not available, try again later"};
const wire::Reply working_at_it{451, "4.4.5", "This mail is being delivered already, try again later"};
const wire::Reply too_late{451, "4.4.1", "Not done in time, try again later"};

// 128 bits, straight from the kernel: what std::random_device asks the processor first costs a virtual
// machine more than all else that an id needs.
std::string unguessable_id() {
    std::array<std::uint8_t, 16> bytes{};
    if (getentropy(bytes.data(), bytes.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "getentropy");
    return mail::to_hex(bytes);
}

// What of MAIL's parameters another server is to hear; SIZE and AUTH are between the client and us.
bool is_passed_on(std::string_view parameter) {
    std::string name(parameter.substr(0, parameter.find('=')));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
    return name == "RET" || name == "ENVID" || name == "BODY" || name == "SMTPUTF8";
}

}  // namespace

Errand::Errand(Delivery::Services& services, Order order, Keeper keeper, bool& in_doubt)
    : services_(services),
      order_(std::move(order)),
      keeper_(keeper),
      in_doubt_(in_doubt),
      bill_(make_waybill(order_)),
      letter_(order_, services.secret) {}

asio::awaitable<std::vector<RecipientOutcome>> Errand::run() {
    std::string fault;
    try {
        co_await carry_out();
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    if (!fault.empty()) give_up({ErrorKind::invalid, fault});
    log_delivered(services_.log, services_.metrics, order_, bill_, took());
    co_return outcomes(bill_);
}

asio::awaitable<void> Errand::carry_out() {
    // From here to the end of this function nobody else in the process works at these offers.
    const UnderWay::Held held = hold();
    if (keeper_ == Keeper::worker) wait_for_all(bill_);
    co_await ask_journal();
    if (keeper_ == Keeper::worker) wait_for_all(bill_);
    co_await send_all();
    if (!receipt_) receipt_ = finish();
    co_await record();
}

UnderWay::Held Errand::hold() {
    std::vector<std::string> offers;
    for (const Waybill::Party& party : bill_.parties)
        if (!party.outcome) offers.push_back(party.offer);
    // Other recipients of the mail, offered apart, may lead to the same address.
    for (const Waybill::Leg& leg : bill_.legs)
        if (leg.way == Way::reinject) offers.push_back(leg.key);
    UnderWay::Held held = services_.under_way.hold(offers);
    const auto is_held = [this, &held](std::size_t leg) { return held.has(bill_.legs[leg].key); };
    for (Waybill::Party& party : bill_.parties)
        if (!party.outcome && !(held.has(party.offer) && std::ranges::all_of(party.legs, is_held)))
            party.outcome = RecipientOutcome{RecipientOutcome::Kind::deferred, working_at_it, false, {}};
    // Whoever holds a copy sends it, or leaves it to the worker.
    for (Waybill::Leg& leg : bill_.legs)
        if (leg.copy && !held.has(leg.key)) leg.copy = false;
    return held;
}

asio::awaitable<void> Errand::ask_journal() {
    const std::vector<std::string> keys = journal_keys(bill_);
    if (keys.empty()) co_return;
    std::vector<store::JournalEntry> entries;
    store::Work look = [&keys, &entries](store::Transaction& transaction) -> Result<void> {
        auto found = transaction.journal(keys);
        if (!found) return tl::unexpected(found.error());
        entries = *std::move(found);
        return {};
    };
    Result<void> known = co_await services_.store.read(std::move(look));
    if (known && in_doubt_) {
        // The mail's own row: a write that finds out whether the store takes any.
        store::Work probe = [mail = stored_mail(order_)](store::Transaction& transaction) {
            return transaction.put_journal(mail, {});
        };
        known = co_await services_.store.write({}, std::move(probe));
        in_doubt_ = !known;
    }
    if (known)
        look_up(bill_, entries);
    else
        give_up(known.error());
}

asio::awaitable<void> Errand::send_all() {
    using namespace asio::experimental::awaitable_operators;
    const bool keeps = !legs_to_send(bill_, Way::next_hop).empty();
    const bool redirects = !legs_to_send(bill_, Way::reinject).empty();
    const bool relays = !legs_to_send(bill_, Way::relay).empty();
    if (keeps + redirects + relays > 1) {
        co_await (send(Way::next_hop) && send(Way::reinject) && relay());
    } else if (keeps) {
        co_await send(Way::next_hop);
    } else if (redirects) {
        co_await send(Way::reinject);
    } else if (relays) {
        co_await relay();
    }
}

asio::awaitable<void> Errand::send(Way way) {
    const std::vector<std::size_t> legs = legs_to_send(bill_, way);
    if (legs.empty()) co_return;
    std::vector<wire::SmtpResult> results;
    const seconds within = time_left();
    if (within > seconds(0)) {
        wire::OutgoingMail mail = outgoing(way, legs);
        config::Endpoint endpoint = *endpoint_of(order_, way);
        Sent sent = co_await services_.connections.send(std::move(endpoint), std::move(mail), within);
        results = std::move(sent.results);
    }
    results.resize(legs.size(), {wire::SmtpResult::Outcome::deferred, too_late, false});
    for (std::size_t i = 0; i < legs.size(); ++i) bill_.legs[legs[i]].result = std::move(results[i]);
}

std::vector<std::string> Errand::sender_parameters() const {
    std::vector<std::string> passed;
    std::ranges::copy_if(order_.mail.envelope.sender_parameters, std::back_inserter(passed), is_passed_on);
    return passed;
}

wire::OutgoingMail Errand::outgoing(Way way, const std::vector<std::size_t>& legs) {
    wire::OutgoingMail mail;
    mail.sender = order_.mail.envelope.sender.text();
    mail.sender_parameters = sender_parameters();
    for (const std::size_t leg : legs) mail.recipients.push_back(bill_.legs[leg].to);
    mail.content = letter_.content(way);
    mail.identity = order_.mail.queue_id;
    return mail;
}

Receipt Errand::finish() {
    conclude(bill_, order_);
    std::vector<NewJob> jobs = leave(bill_, order_, letter_, keeper_, terms());
    Receipt receipt = make_receipt(order_, bill_, letter_, services_.clock(), unguessable_id);
    receipt.jobs = std::move(jobs);
    return receipt;
}

asio::awaitable<void> Errand::record() {
    if (recorded_ || receipt_->empty()) co_return;
    store::Work work = [this](store::Transaction& transaction) { return receipt_->write(transaction); };
    const Result<void> written = co_await services_.store.write({}, std::move(work));
    if (!written) not_written(written.error());
}

LeftoverTerms Errand::terms() const {
    const auto has_dsn = [this](const Waybill::Leg& leg) {
        if (leg.way == Way::relay) return provider_has_dsn(leg.provider);
        const auto& endpoint = endpoint_of(order_, leg.way);
        return endpoint && services_.connections.has_dsn(*endpoint);
    };
    return {services_.hostname, services_.clock(), has_dsn};
}

// What the other side has accepted is delivered: to defer it now would surely send it twice, while its
// journal entry is missed only if our reply is lost as well. What only the store would have kept is deferred;
// so is everybody, also who has failed, if a copy would be lost: somebody has to offer the mail again.
void Errand::not_written(const Error& error) {
    using Kind = RecipientOutcome::Kind;
    in_doubt_ = true;
    const auto lost = [](const Waybill::Leg& leg) { return leg.copy && leg.handed; };
    const bool copy_lost = std::ranges::any_of(bill_.legs, lost);
    for (Waybill::Party& party : bill_.parties) {
        RecipientOutcome& outcome = *party.outcome;
        const bool handed_now = outcome.kind == Kind::handed && !outcome.replayed;
        const bool kept_by_store = is_boxed(party) || handed_now;
        const bool would_be_over = outcome.kind == Kind::done || outcome.kind == Kind::failed;
        if (kept_by_store || (copy_lost && would_be_over))
            outcome = RecipientOutcome{Kind::deferred, store_away, false, outcome.to};
    }
    log_not_written(services_.log, services_.metrics, order_, bill_, error);
}

void Errand::give_up(const Error& error) {
    defer_open(bill_, store_away);
    log_not_tried(services_.log, services_.metrics, order_, error);
}

seconds Errand::time_left() const {
    const auto gone = std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - start_);
    return order_.listener.deadline - gone;
}

std::chrono::microseconds Errand::took() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start_);
}

}  // namespace mailrota::runtime
