#include "core/runtime/alert_jobs.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace mailrota::runtime {
namespace {

namespace json = boost::json;

// These jobs end by what their incident and contact have come to, and never by time: quiet hours move the end
// of an incident's window after its job was written.
constexpr std::chrono::hours for_good{24 * 365 * 10};

// The job of a contact that ended by a callback has nothing more to do, and is to find that out.
constexpr std::chrono::minutes just_now{1};

std::string escalation_key(const policy::Incident& incident) {
    return fmt::format("{} {}.{}", escalation_kind, incident.number, incident.escalations);
}

std::string contact_key(const policy::Contact& contact) {
    return fmt::format("{} {}", contact_kind, contact.id);
}

store::Job job_of(std::string_view kind, std::string key, const policy::Incident& incident, store::Time now) {
    store::Job job;
    job.key = std::move(key);
    job.kind = kind;
    // Above all other jobs, the escalation of the worst first.
    job.priority = 10 + static_cast<int>(incident.severity);
    job.created = job.due = now;
    job.expires = now + for_good;
    return job;
}

Result<json::object> object_of(std::string_view payload) {
    boost::system::error_code error;
    const auto value = json::parse(payload, error);
    if (error || !value.is_object()) return invalid("the payload is no JSON object");
    return value.get_object();
}

Result<std::int64_t> number_of(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    if (found == nullptr || !found->is_int64()) return invalid(fmt::format("the payload lacks {}", name));
    return found->get_int64();
}

}  // namespace

store::Job escalation_job(const policy::Incident& incident, store::Time now) {
    auto job = job_of(escalation_kind, escalation_key(incident), incident, now);
    job.payload =
        json::serialize(json::object{{"incident", incident.number}, {"escalation", incident.escalations}});
    return job;
}

store::Job contact_job(const policy::Contact& contact, const policy::Incident& incident, store::Time now) {
    auto job = job_of(contact_kind, contact_key(contact), incident, now);
    job.payload = json::serialize(json::object{{"contact", contact.id}, {"incident", contact.incident}});
    return job;
}

std::vector<std::string> incidents_only() { return {std::string(store::incidents_lock)}; }

Result<Escalating> read_escalation_job(std::string_view payload) {
    const auto object = object_of(payload);
    if (!object) return tl::unexpected(object.error());
    const auto incident = number_of(*object, "incident");
    if (!incident) return tl::unexpected(incident.error());
    const auto escalation = number_of(*object, "escalation");
    if (!escalation) return tl::unexpected(escalation.error());
    return Escalating{*incident, static_cast<int>(*escalation)};
}

Result<void> hasten(store::Transaction& transaction, const policy::Incident& incident, store::Time now) {
    if (auto done = transaction.hasten_job(escalation_key(incident), now); !done)
        return tl::unexpected(done.error());
    const auto contacts = transaction.contacts_of(incident.number);
    if (!contacts) return tl::unexpected(contacts.error());
    for (const auto& contact : *contacts) {
        if (contact.over() && contact.ended + just_now < now) continue;
        if (auto done = transaction.hasten_job(contact_key(contact), now); !done)
            return tl::unexpected(done.error());
    }
    return {};
}

}  // namespace mailrota::runtime
