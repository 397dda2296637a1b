#include "ctl/job_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "core/policy/safe_text.h"
#include "core/runtime/alert_jobs.h"
#include "core/runtime/contact_step.h"
#include "core/runtime/event_settling.h"
#include "ctl/amount_text.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::without_controls;
using runtime::DeliverJob;
using store::Job;

constexpr std::size_t most_shown = 3;  // recipients in one line

std::string listed(std::vector<std::string> names) {
    const std::size_t more = names.size() > most_shown ? names.size() - most_shown : 0;
    names.resize(names.size() - more);
    const std::string text = fmt::format("{}", fmt::join(names, ", "));
    return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

json::array to_json(const std::vector<std::string>& words) {
    json::array array;
    for (const std::string& word : words) array.emplace_back(without_controls(word));
    return array;
}

json::object of_delivery(const DeliverJob& delivery) {
    json::array recipients;
    for (const DeliverJob::Recipient& one : delivery.recipients) {
        recipients.push_back({{"address", without_controls(one.address)},
                              {"original", without_controls(one.original)},
                              {"parameters", to_json(one.parameters)}});
    }
    json::object shown{{"endpoint", delivery.endpoint.to_string()},
                       {"sender", without_controls(delivery.sender)},
                       {"sender_parameters", to_json(delivery.sender_parameters)},
                       {"recipients", std::move(recipients)},
                       {"queue_id", without_controls(delivery.queue_id)},
                       {"notification", is_notification(delivery)}};
    if (delivery.rota.empty()) return shown;
    shown.erase("endpoint");
    shown["rota"] = delivery.rota;
    return shown;
}

bool is_delivery(const Job& job) {
    return job.kind == runtime::deliver_kind || job.kind == runtime::relay_kind;
}

std::string escalation_text(const Job& job) {
    const auto escalating = runtime::read_escalation_job(job.payload);
    if (!escalating) return "a payload that cannot be read";
    const bool anew = escalating->escalation > 1;
    return fmt::format("incident {}: whom to call next{}", escalating->incident,
                       anew ? fmt::format(" (escalation {})", escalating->escalation) : "");
}

std::string contact_text(const Job& job, const std::optional<policy::Contact>& contact) {
    const auto read = runtime::read_contact_job(job.payload);
    if (!read) return "a payload that cannot be read";
    if (!contact) return fmt::format("incident {}: a call or SMS", read->incident);
    return fmt::format("incident {}: {} to {}{}", read->incident, to_string(contact->way), contact->number,
                       contact->account.empty() ? "" : " by " + contact->account);
}

// "events 12-40": the key without the time that makes it the only one.
std::string events_text(const Job& job) { return job.key.substr(0, job.key.rfind(' ')) + " to be handed on"; }

}  // namespace

std::optional<DeliverJob> delivery_of(const Job& job) {
    if (!is_delivery(job)) return std::nullopt;
    auto read = runtime::read_deliver_job(job.payload);
    return read ? std::optional(*std::move(read)) : std::nullopt;
}

std::string destination_of(const DeliverJob& delivery) {
    return delivery.rota.empty() ? delivery.endpoint.to_string() : "rota " + delivery.rota;
}

bool is_hand_on(const Job& job) { return job.kind == runtime::hand_on_kind; }

bool is_about_incident(const Job& job) {
    return job.kind == runtime::escalation_kind || job.kind == runtime::contact_kind;
}

bool is_notification(const DeliverJob& delivery) {
    const auto offered = [](const DeliverJob::Recipient& recipient) { return !recipient.offer.empty(); };
    return delivery.sender.empty() && std::ranges::none_of(delivery.recipients, offered);
}

std::vector<std::string> recipients_of(const DeliverJob& delivery) {
    std::vector<std::string> names;
    for (const auto& recipient : delivery.recipients) names.push_back(without_controls(recipient.address));
    return names;
}

std::string contact_of(const Job& job) {
    if (job.kind != runtime::contact_kind) return {};
    const auto read = runtime::read_contact_job(job.payload);
    return read ? read->contact : std::string();
}

std::string about_text(const Job& job, const std::optional<policy::Contact>& contact) {
    if (is_hand_on(job)) return events_text(job);
    if (job.kind == runtime::escalation_kind) return escalation_text(job);
    if (job.kind == runtime::contact_kind) return contact_text(job, contact);
    const auto delivery = delivery_of(job);
    if (!delivery) return is_delivery(job) ? "a payload that cannot be read" : job.key;
    return (is_notification(*delivery) ? "notification to " : "") + listed(recipients_of(*delivery)) +
           (delivery->rota.empty() ? " at " : " by ") + destination_of(*delivery);
}

std::string key_text(const Job& job) {
    constexpr std::size_t shown = 8;  // digits of the contact's id
    if (job.kind != runtime::contact_kind) return without_controls(job.key);
    return std::string(runtime::contact_kind) + ' ' + contact_of(job).substr(0, shown) + "…";
}

Cell state_cell(const Job& job) {
    const bool bad = job.state == Job::State::failed;
    const bool over = job.state == Job::State::done;
    return {std::string(to_string(job.state)), bad    ? Cell::Mood::bad
                                               : over ? Cell::Mood::good
                                                      : Cell::Mood::plain};
}

std::string due_text(const Job& job, store::Time now) {
    switch (job.state) {
        case Job::State::waiting:
            return job.due <= now ? "now" : from_now_text(job.due, now);
        case Job::State::leased:
            if (!is_held(job, now)) return "now: the lease of " + job.owner + " is over";
            return "lease of " + job.owner + " for " + span_text(job.leased_until - now) + " more";
        case Job::State::done:
        case Job::State::failed:
            return "-";
    }
    return "";
}

bool is_held(const Job& job, store::Time now) {
    return job.state == Job::State::leased && job.leased_until > now;
}

json::object to_json(const Job& job) {
    json::object shown{{"id", job.id},
                       {"key", key_text(job)},
                       {"kind", job.kind},
                       {"mail", job.mail},
                       {"state", to_string(job.state)},
                       {"priority", job.priority},
                       {"created", utc_text(job.created)},
                       {"due", utc_text(job.due)},
                       {"expires", utc_text(job.expires)},
                       {"attempts", job.attempts},
                       {"last", without_controls(job.last)}};
    if (job.state == Job::State::leased) {
        shown["owner"] = job.owner;
        shown["leased_until"] = utc_text(job.leased_until);
    }
    const auto delivery = delivery_of(job);
    if (delivery) {
        shown["delivery"] = of_delivery(*delivery);
    } else if (job.kind == runtime::contact_kind) {
        const auto read = runtime::read_contact_job(job.payload);
        if (read) shown["incident"] = read->incident;
    } else {
        shown["payload"] = without_controls(job.payload);
    }
    return shown;
}

}  // namespace mailrota::ctl
