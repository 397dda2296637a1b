#include "core/runtime/leftover.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/runtime/notice.h"

namespace mailrota::runtime {
namespace {

using Action = mail::DsnRecipient::Action;
using Kind = RecipientOutcome::Kind;
using Leg = Waybill::Leg;
using Outcome = wire::SmtpResult::Outcome;
using Party = Waybill::Party;
using Way = Waybill::Way;

bool is_left(const Leg& leg) {
    return leg.result && !leg.earlier &&
           (leg.result->outcome == Outcome::deferred || leg.result->outcome == Outcome::uncertain);
}

// Makes the jobs of one mail.
class Leaving {
  public:
    Leaving(Waybill& bill, const Order& order, Letter& letter, const LeftoverTerms& terms)
        : bill_(bill), order_(order), letter_(letter), terms_(terms) {}

    void copies() {
        std::vector<std::size_t> legs;
        for (std::size_t leg = 0; leg < bill_.legs.size(); ++leg)
            if (bill_.legs[leg].copy && is_left(bill_.legs[leg])) legs.push_back(leg);
        deliver_later(Way::reinject, legs, "copies");
    }

    // A single reply stands for all, and something is done: the rest goes on without the client.
    void recipients() {
        for (const Way way : {Way::next_hop, Way::reinject}) deliver_later(way, legs_left(way), "rest");
        relay_later(legs_left(Way::relay));
        std::vector<mail::DsnRecipient> failures;
        for (Party& party : bill_.parties) hand_over(party, failures);
        notify("failed", std::move(failures));
    }

    void relayed() {
        std::vector<mail::DsnRecipient> told;
        for (const Party& party : bill_.parties) {
            if (party.legs.empty() || party.outcome->kind != Kind::done || party.outcome->replayed) continue;
            const Leg& leg = bill_.legs[party.legs.front()];
            if (!leg.result || terms_.has_dsn(leg) || !notify_of(recipient(party).parameters).success)
                continue;
            told.push_back(tell(party, leg.to.address, Action::relayed, party.outcome->reply));
        }
        notify("relayed", std::move(told));
    }

    std::vector<NewJob> take() { return std::move(jobs_); }

  private:
    const mail::Recipient& recipient(const Party& party) const {
        return order_.mail.envelope.recipients[party.recipient];
    }

    std::vector<std::size_t> legs_left(Way way) const {
        std::vector<std::size_t> legs;
        for (const Party& party : bill_.parties)
            for (const std::size_t leg : party.legs)
                if (bill_.legs[leg].way == way && is_left(bill_.legs[leg])) legs.push_back(leg);
        std::ranges::sort(legs);
        const auto repeated = std::unique(legs.begin(), legs.end());
        legs.erase(repeated, legs.end());
        return legs;
    }

    // The first recipient who waits for the leg; null for a copy.
    const Party* waiting_for(std::size_t leg) const {
        const auto waits = [leg](const Party& party) {
            return std::ranges::find(party.legs, leg) != party.legs.end();
        };
        const auto found = std::ranges::find_if(bill_.parties, waits);
        return found == bill_.parties.end() ? nullptr : &*found;
    }

    void deliver_later(Way way, const std::vector<std::size_t>& legs, const std::string& what) {
        if (legs.empty()) return;
        DeliverJob job = job_for(legs);
        job.endpoint = *endpoint_of(order_, way);
        add_job(job, deliver_kind, what, bill_.legs[legs.front()].key, letter_.whole(way));
    }

    void relay_later(const std::vector<std::size_t>& legs) {
        std::map<std::string, std::vector<std::size_t>> by_rota;
        for (const std::size_t leg : legs) by_rota[bill_.legs[leg].rota].push_back(leg);
        for (const auto& [rota, its] : by_rota) {
            DeliverJob job = job_for(its);
            job.rota = rota;
            add_job(job, relay_kind, "relay", bill_.legs[its.front()].key, letter_.whole(Way::relay));
        }
    }

    // Without where it goes.
    DeliverJob job_for(const std::vector<std::size_t>& legs) {
        const mail::Envelope& envelope = order_.mail.envelope;
        DeliverJob job;
        job.sender = envelope.sender.text();
        job.sender_parameters = envelope.sender_parameters;
        job.queue_id = order_.mail.queue_id;
        for (const std::size_t index : legs) {
            Leg& leg = bill_.legs[index];
            const Party* party = waiting_for(index);
            const std::string original = party ? recipient(*party).address.text() : leg.to.address;
            job.recipients.push_back(
                {leg.to.address, original, leg.to.parameters, party ? party->offer : leg.key});
            leg.handed = true;
        }
        return job;
    }

    void add_job(const DeliverJob& job, std::string_view kind, const std::string& what,
                 const std::string& key, std::string_view bytes) {
        NewJob made;
        // With the time: a job that failed keeps its key, and the mail may be offered again after it.
        made.job.key = what + " " + key + " " + std::to_string(terms_.now.time_since_epoch().count());
        made.job.kind = kind;
        made.job.mail = order_.mail_id;
        made.job.payload = to_json(job);
        made.job.created = terms_.now;
        made.job.due = terms_.now + order_.worker.first_retry;
        made.job.expires = terms_.now + order_.worker.expire;
        made.bytes = bytes;
        jobs_.push_back(std::move(made));
    }

    void hand_over(Party& party, std::vector<mail::DsnRecipient>& failures) {
        RecipientOutcome& outcome = *party.outcome;
        if (outcome.kind != Kind::deferred && outcome.kind != Kind::failed) return;
        if (outcome.kind == Kind::failed && party.legs.empty())
            add_failure(failures, party, recipient(party).address.text(), outcome.reply);
        for (const std::size_t index : party.legs) {
            const Leg& leg = bill_.legs[index];
            if (leg.result && leg.result->outcome == Outcome::failed)
                add_failure(failures, party, leg.to.address, leg.result->reply);
        }
        outcome.reply = outcome.kind == Kind::deferred
                            ? wire::Reply{250, "2.0.0", "Ok: queued, it will be tried again"}
                            : wire::Reply{250, "2.0.0", "Ok: its sender is told that it failed"};
        outcome.kind = Kind::handed;
    }

    void add_failure(std::vector<mail::DsnRecipient>& failures, const Party& party,
                     const std::string& address, const wire::Reply& reply) const {
        if (notify_of(recipient(party).parameters).failure)
            failures.push_back(tell(party, address, Action::failed, reply));
    }

    mail::DsnRecipient tell(const Party& party, const std::string& address, Action action,
                            const wire::Reply& reply) const {
        return noticed(address, recipient(party).address.text(), recipient(party).parameters, action, reply,
                       party.legs.empty() ? std::string() : host_of(bill_.legs[party.legs.front()]));
    }

    std::string host_of(const Leg& leg) const {
        if (leg.way == Way::relay) return leg.provider;
        const auto& endpoint = endpoint_of(order_, leg.way);
        return endpoint ? endpoint->host : std::string();
    }

    void notify(const std::string& what, std::vector<mail::DsnRecipient> told) {
        if (told.empty()) return;
        const mail::Envelope& envelope = order_.mail.envelope;
        Notification notification;
        notification.about = what + " " + order_.mail_id + " " + told.front().final_recipient;
        notification.mail = order_.mail_id;
        notification.dsn = notice_about(
            {envelope.sender.text(), envelope.sender_parameters, terms_.hostname, order_.mail.arrived},
            terms_.now);
        notification.dsn.recipients = std::move(told);
        notification.submit = order_.worker.submit;
        notification.expire = order_.worker.expire;
        if (auto job = notification_job(notification, order_.mail.message.bytes()))
            jobs_.push_back(*std::move(job));
    }

    Waybill& bill_;
    const Order& order_;
    Letter& letter_;
    const LeftoverTerms& terms_;
    std::vector<NewJob> jobs_;
};

bool all_are(const Waybill& bill, Kind kind) {
    return std::ranges::all_of(bill.parties,
                               [kind](const Party& party) { return party.outcome->kind == kind; });
}

}  // namespace

std::vector<NewJob> leave(Waybill& bill, const Order& order, Letter& letter, Keeper keeper,
                          const LeftoverTerms& terms) {
    Leaving leaving(bill, order, letter, terms);
    leaving.relayed();
    leaving.copies();
    // A recipient who waits for something that is no leg of his: then nothing was sent.
    const auto waits = [](const Party& party) {
        return party.outcome->kind == Kind::deferred && party.legs.empty();
    };
    const bool one_waits = std::ranges::any_of(bill.parties, waits);
    if (keeper == Keeper::worker && !one_waits && !all_are(bill, Kind::deferred) &&
        !all_are(bill, Kind::failed))
        leaving.recipients();
    return leaving.take();
}

}  // namespace mailrota::runtime
