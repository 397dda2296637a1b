#include "core/runtime/deliver_job.h"

#include <boost/json.hpp>
#include <utility>

#include "core/mail/message.h"
#include "core/mail/offer.h"

namespace mailrota::runtime {
namespace {

namespace json = boost::json;
using Recipient = DeliverJob::Recipient;

// More of a mail does not come back in a notification.
constexpr std::size_t most_returned = std::size_t{512} << 10;

json::array to_array(const std::vector<std::string>& words) {
    json::array array;
    for (const std::string& word : words) array.emplace_back(word);
    return array;
}

json::object to_object(const Recipient& recipient) {
    return {{"address", recipient.address},
            {"original", recipient.original},
            {"parameters", to_array(recipient.parameters)},
            {"offer", recipient.offer}};
}

// Boost.JSON's own checked access throws; what it throws stops in read_deliver_job().
std::string text_of(const json::object& object, std::string_view key) {
    return std::string(object.at(key).as_string());
}

std::vector<std::string> words_of(const json::object& object, std::string_view key) {
    std::vector<std::string> words;
    for (const json::value& word : object.at(key).as_array()) words.emplace_back(word.as_string());
    return words;
}

Recipient recipient_of(const json::object& object) {
    return {text_of(object, "address"), text_of(object, "original"), words_of(object, "parameters"),
            text_of(object, "offer")};
}

Result<DeliverJob> job_of(const json::object& object) {
    DeliverJob job;
    if (object.contains("rota")) {
        job.rota = text_of(object, "rota");
    } else {
        auto endpoint = config::parse_endpoint(text_of(object, "endpoint"));
        if (!endpoint) return tl::unexpected(endpoint.error());
        job.endpoint = *std::move(endpoint);
    }
    job.sender = text_of(object, "sender");
    job.sender_parameters = words_of(object, "sender_parameters");
    job.queue_id = text_of(object, "queue_id");
    // Jobs of earlier versions have none.
    if (object.contains("untold")) job.untold = words_of(object, "untold");
    for (const json::value& recipient : object.at("recipients").as_array())
        job.recipients.push_back(recipient_of(recipient.as_object()));
    return job;
}

}  // namespace

std::string to_json(const DeliverJob& job) {
    json::array recipients;
    for (const Recipient& recipient : job.recipients) recipients.emplace_back(to_object(recipient));
    const bool relays = !job.rota.empty();
    return json::serialize(
        json::object{{relays ? "rota" : "endpoint", relays ? job.rota : job.endpoint.to_string()},
                     {"sender", job.sender},
                     {"sender_parameters", to_array(job.sender_parameters)},
                     {"recipients", std::move(recipients)},
                     {"queue_id", job.queue_id},
                     {"untold", to_array(job.untold)}});
}

Result<DeliverJob> read_deliver_job(std::string_view text) {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    try {
        return job_of(json::parse(text, {}, options).as_object());
    } catch (const std::exception& fault) {
        return invalid(std::string("the payload is no delivery: ") + fault.what());
    }
}

std::optional<NewJob> notification_job(const Notification& notification, std::string_view returned) {
    if (!mail::may_be_notified(notification.dsn.to) || notification.dsn.recipients.empty())
        return std::nullopt;
    mail::Dsn dsn = notification.dsn;
    if (dsn.id.empty()) dsn.id = mail::offer_key(notification.about, {});
    const DeliverJob payload{notification.submit, {}, {}, {{dsn.to, dsn.to, {}, {}}}, {}, {}, {}};
    NewJob made;
    made.job.key = "notify " + notification.about;
    made.job.kind = deliver_kind;
    made.job.mail = notification.mail;
    made.job.payload = to_json(payload);
    made.job.created = made.job.due = dsn.now;
    made.job.expires = dsn.now + notification.expire;
    const auto message = mail::Message::from_bytes(std::string(returned.substr(0, most_returned)));
    made.bytes = mail::to_message(dsn, message);
    return made;
}

}  // namespace mailrota::runtime
