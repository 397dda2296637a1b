#include "core/runtime/receipt.h"

#include <algorithm>
#include <utility>

#include "core/mail/header_text.h"
#include "core/mail/offer.h"
#include "core/mail/text_encoding.h"
#include "core/policy/safe_text.h"
#include "core/runtime/kept_reply.h"

namespace mailrota::runtime {
namespace {

using Entry = store::JournalEntry;
using Kind = RecipientOutcome::Kind;
using Leg = Waybill::Leg;
using Party = Waybill::Party;

constexpr std::size_t longest_id = 998;

std::string message_id(const mail::Message& message) {
    std::string id = policy::without_controls(mail::unfold_header(message.raw_header("Message-ID")));
    if (id.starts_with('<')) id.erase(0, 1);
    if (id.ends_with('>')) id.pop_back();
    mail::cut_utf8(id, longest_id);
    return id;
}

Entry::Outcome to_entry(Kind kind) {
    switch (kind) {
        case Kind::done:
            return Entry::Outcome::done;
        case Kind::handed:
            return Entry::Outcome::handed;
        case Kind::deferred:
            return Entry::Outcome::deferred;
        case Kind::failed:
            return Entry::Outcome::failed;
    }
    return Entry::Outcome::deferred;
}

Entry::Outcome to_entry(const Leg& leg) {
    using Outcome = wire::SmtpResult::Outcome;
    if (leg.handed) return Entry::Outcome::handed;
    if (leg.result->outcome == Outcome::done) return Entry::Outcome::done;
    return leg.result->outcome == Outcome::failed ? Entry::Outcome::failed : Entry::Outcome::deferred;
}

Entry entry_of(const Order& order, const Party& party) {
    const mail::Recipient& recipient = order.mail.envelope.recipients[party.recipient];
    const policy::RecipientPlan& plan = order.plan.recipients[party.recipient];
    Entry entry;
    entry.offer = party.offer.empty() ? mail::offer_key(order.mail_id, recipient.address) : party.offer;
    entry.mail = order.mail_id;
    entry.recipient = policy::without_controls(recipient.address.text());
    entry.route = policy::to_string(plan.fate);
    entry.to = party.outcome->to;
    entry.rule = plan.rule;
    entry.why = plan.why;
    entry.outcome = to_entry(party.outcome->kind);
    entry.reply = kept_line(party.outcome->reply);
    return entry;
}

Entry entry_of(const Order& order, const Leg& leg) {
    Entry entry;
    entry.offer = leg.key;
    entry.mail = order.mail_id;
    entry.recipient = policy::without_controls(leg.to.address);
    entry.route = leg.copy ? "copy" : "sent";
    entry.to = peer_of(order, leg);
    entry.outcome = to_entry(leg);
    entry.reply = kept_line(leg.result->reply);
    return entry;
}

void add_to_box(Receipt& receipt, const Order& order, const Party& party, std::string_view bytes,
                std::chrono::sys_seconds now, const std::function<std::string()>& item_id) {
    const auto named = [&party](const auto& box) { return box.name == party.box; };
    const auto settings = std::ranges::find_if(order.boxes, named);
    auto place = std::ranges::find_if(receipt.items,
                                      [&party](const auto& made) { return made.item.box == party.box; });
    if (place == receipt.items.end()) {
        store::BoxItem item;
        item.id = item_id();
        item.box = party.box;
        item.mail = order.mail_id;
        item.sender = order.mail.envelope.sender.text();
        item.sender_parameters = order.mail.envelope.sender_parameters;
        item.size = bytes.size();
        item.queued = now;
        item.expires =
            now + (settings == order.boxes.end() ? config::BoxSettings{}.expire : settings->expire);
        place = receipt.items.insert(receipt.items.end(), {std::move(item), bytes, {}});
    }
    const mail::Recipient& recipient = order.mail.envelope.recipients[party.recipient];
    place->item.recipients.push_back(
        {recipient.address.text(), recipient.parameters, store::BoxRecipient::State::waiting, {}});
    place->offers.push_back(party.offer);
}

// Put off without a try, by a rule or because somebody else works at the offer: what the journal knows of it,
// or will when he is done, must stay.
bool was_left_alone(const Waybill& bill, const Party& party) {
    const auto touched = [&bill](std::size_t leg) {
        return bill.legs[leg].result.has_value() || bill.legs[leg].earlier;
    };
    return party.outcome->kind == Kind::deferred && std::ranges::none_of(party.legs, touched);
}

bool is_settled(const std::vector<Entry>& known, const std::string& offer) {
    return std::ranges::any_of(known, [&offer](const Entry& entry) {
        return entry.offer == offer &&
               (entry.outcome == Entry::Outcome::done || entry.outcome == Entry::Outcome::handed);
    });
}

bool was_tried(const Waybill& bill) {
    return std::ranges::any_of(bill.legs, [](const Leg& leg) { return leg.result.has_value(); }) ||
           std::ranges::any_of(bill.parties, is_boxed);
}

}  // namespace

bool is_boxed(const Party& party) {
    return !party.box.empty() && party.outcome && !party.outcome->replayed &&
           party.outcome->kind == Kind::done;
}

store::StoredMail stored_mail(const Order& order) {
    const auto drawn = [](const policy::RecipientPlan& plan) { return !plan.rota.empty(); };
    store::StoredMail mail;
    mail.id = order.mail_id;
    if (std::ranges::any_of(order.plan.recipients, drawn)) mail.message_key = order.mail.key.hex;
    mail.queue_id = policy::without_controls(order.mail.queue_id);
    mail.message_id = message_id(order.mail.message);
    mail.sender = policy::without_controls(order.mail.envelope.sender.text());
    mail.listener = order.listener.name;
    mail.size = order.mail.message.bytes().size();
    mail.arrived = order.mail.arrived;
    return mail;
}

Receipt make_receipt(const Order& order, const Waybill& bill, Letter& letter, std::chrono::sys_seconds now,
                     const std::function<std::string()>& item_id) {
    Receipt receipt;
    if (!was_tried(bill)) return receipt;
    receipt.mail = stored_mail(order);
    for (const Party& party : bill.parties) {
        if (!party.outcome->replayed && !was_left_alone(bill, party))
            receipt.entries.push_back(entry_of(order, party));
        if (!is_boxed(party)) continue;
        add_to_box(receipt, order, party, letter.whole(Waybill::Way::next_hop), now, item_id);
    }
    for (const Leg& leg : bill.legs)
        if (leg.way == Waybill::Way::reinject && leg.result) receipt.entries.push_back(entry_of(order, leg));
    for (Entry& entry : receipt.entries) entry.at = now;
    return receipt;
}

Result<void> Receipt::put_in_boxes(store::Transaction& transaction) const {
    if (items.empty()) return {};
    // Without entries: from here on no other node writes of this mail.
    if (auto held = transaction.put_journal(mail, {}); !held) return held;
    for (const Item& item : items) {
        const auto known = transaction.journal(item.offers);
        if (!known) return tl::unexpected(known.error());
        store::BoxItem left = item.item;
        left.recipients.clear();
        for (std::size_t i = 0; i < item.offers.size(); ++i)
            if (!is_settled(*known, item.offers[i])) left.recipients.push_back(item.item.recipients[i]);
        if (left.recipients.empty()) continue;
        if (auto put = transaction.put_in_box(left, item.bytes); !put) return put;
    }
    return {};
}

Result<void> Receipt::write(store::Transaction& transaction) const {
    if (auto put = put_in_boxes(transaction); !put) return put;
    if (auto put = transaction.put_journal(mail, entries); !put) return put;
    for (const NewJob& job : jobs)
        if (auto put = transaction.put_job(job.job, job.bytes); !put) return tl::unexpected(put.error());
    return {};
}

}  // namespace mailrota::runtime
