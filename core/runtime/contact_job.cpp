#include <algorithm>
#include <boost/json.hpp>

#include "core/runtime/contact_step.h"

// What a contact's job knows and goes by.
namespace mailrota::runtime {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr seconds shortest_pause{2};
constexpr seconds longest_pause{60};

json::array listed(const std::vector<std::string>& names) { return json::array(names.begin(), names.end()); }

std::vector<std::string> accounts(const json::object& object, std::string_view key) {
    std::vector<std::string> names;
    const auto* list = object.if_contains(key);
    if (list == nullptr || !list->is_array()) return names;
    for (const auto& one : list->get_array())
        if (one.is_string()) names.emplace_back(one.get_string());
    return names;
}

}  // namespace

std::string bar_key(policy::ContactWay way, std::string_view number) {
    return (way == policy::ContactWay::sms ? "sms " : "") + std::string(number);
}

policy::BreakerTerms account_terms() {
    policy::BreakerTerms terms;
    terms.open = seconds(15);
    terms.longest_open = seconds(300);
    terms.probe = seconds(30);
    return terms;
}

std::chrono::seconds next_look(const policy::Contact& contact, store::Time now) {
    return std::clamp<seconds>((now - contact.begun) / 4, shortest_pause, longest_pause);
}

std::string to_json(const ContactJob& job) {
    return json::serialize(json::object{{"contact", job.contact},
                                        {"incident", job.incident},
                                        {"refused", listed(job.refused)},
                                        {"failing", listed(job.failing)},
                                        {"plain", job.plain},
                                        {"looks", job.looks},
                                        {"faulty", std::int64_t{job.faulty.count()}}});
}

Result<ContactJob> read_contact_job(std::string_view payload) {
    boost::system::error_code error;
    const auto value = json::parse(payload, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* contact = object == nullptr ? nullptr : object->if_contains("contact");
    const auto* incident = object == nullptr ? nullptr : object->if_contains("incident");
    if (contact == nullptr || !contact->is_string() || incident == nullptr || !incident->is_int64())
        return invalid("the payload names no contact and incident");
    ContactJob job;
    job.contact = contact->get_string();
    job.incident = incident->get_int64();
    job.refused = accounts(*object, "refused");
    job.failing = accounts(*object, "failing");
    if (const auto* plain = object->if_contains("plain")) job.plain = plain->is_bool() && plain->get_bool();
    if (const auto* looks = object->if_contains("looks"); looks != nullptr && looks->is_int64())
        job.looks = static_cast<int>(looks->get_int64());
    if (const auto* faulty = object->if_contains("faulty"); faulty != nullptr && faulty->is_int64())
        job.faulty = seconds(faulty->get_int64());
    return job;
}

}  // namespace mailrota::runtime
