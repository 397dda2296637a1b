#include "core/wire/handout.h"

#include <boost/json.hpp>

#include "core/wire/handout_json.h"

namespace mailrota::wire {
namespace {

namespace json = boost::json;
using Outcome = Acknowledgement::Result::Outcome;

// What a request or an answer may hold.
constexpr std::size_t most_results = 10'000;
constexpr std::size_t most_mails = 10'000;
constexpr std::size_t most_recipients = 10'000;
constexpr std::size_t most_parameters = 100;
constexpr int most_attempts = 1'000'000'000;

const char* name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::delivered:
            return "delivered";
        case Outcome::failed:
            return "failed";
        case Outcome::deferred:
            return "deferred";
    }
    return "deferred";
}

Outcome read_outcome(JsonObject& object) {
    const std::string name = object.text("outcome");
    for (const Outcome outcome : {Outcome::delivered, Outcome::failed, Outcome::deferred}) {
        if (name == name_of(outcome)) return outcome;
    }
    object.refuse("outcome", "\"delivered\", \"failed\" or \"deferred\"");
    return Outcome::deferred;
}

json::array texts(const std::vector<std::string>& items) {
    json::array array;
    for (const std::string& item : items) array.emplace_back(clean_utf8(item));
    return array;
}

json::value value_of(const HandedMail& mail) {
    json::array recipients;
    for (const HandedRecipient& each : mail.recipients)
        recipients.push_back({{"address", clean_utf8(each.address)}, {"parameters", texts(each.parameters)}});
    return {{"id", mail.id},
            {"sender", clean_utf8(mail.sender)},
            {"sender_parameters", texts(mail.sender_parameters)},
            {"recipients", std::move(recipients)},
            {"size", mail.size},
            {"queued", time_text(mail.queued)},
            {"attempt", mail.attempt}};
}

HandedRecipient read_recipient(JsonObject& object) {
    HandedRecipient recipient;
    recipient.address = object.text("address");
    recipient.parameters = object.optional_texts("parameters", most_parameters);
    return recipient;
}

HandedMail read_mail(JsonObject& object) {
    HandedMail mail;
    mail.id = object.text("id");
    mail.sender = object.text("sender");
    mail.sender_parameters = object.optional_texts("sender_parameters", most_parameters);
    mail.recipients = object.objects<HandedRecipient>("recipients", most_recipients, read_recipient);
    mail.size = object.number("size");
    mail.queued = object.time("queued");
    mail.attempt = static_cast<int>(object.optional_number("attempt", 1, most_attempts));
    return mail;
}

Acknowledgement::Result read_result(JsonObject& object) {
    Acknowledgement::Result result;
    result.id = object.text("id");
    result.recipient = object.text("recipient");
    result.outcome = read_outcome(object);
    result.reply = object.optional_text("reply");
    return result;
}

}  // namespace

std::string to_json(const LeaseRequest& request) {
    return json::serialize(json::object{{"count", request.count}, {"bytes", request.bytes}});
}

std::string to_json(const Lease& lease) {
    json::array mails;
    for (const HandedMail& mail : lease.mails) mails.push_back(value_of(mail));
    return json::serialize(json::object{{"lease", lease.token},
                                        {"until", time_text(lease.until)},
                                        {"mails", std::move(mails)},
                                        {"left", lease.left}});
}

std::string to_json(const Acknowledgement& acknowledgement) {
    json::array results;
    for (const auto& each : acknowledgement.results)
        results.push_back({{"id", each.id},
                           {"recipient", clean_utf8(each.recipient)},
                           {"outcome", name_of(each.outcome)},
                           {"reply", clean_utf8(each.reply)}});
    return json::serialize(json::object{{"lease", acknowledgement.lease}, {"results", std::move(results)}});
}

std::string to_json(const AcknowledgementAnswer& answer) {
    return json::serialize(json::object{{"taken", answer.taken},
                                        {"repeated", answer.repeated},
                                        {"stale", answer.stale},
                                        {"unknown", answer.unknown}});
}

std::string to_json(const BoxStatus& status) {
    return json::serialize(json::object{{"waiting", status.waiting},
                                        {"leased", status.leased},
                                        {"bytes", status.bytes},
                                        {"oldest", time_text(status.oldest)}});
}

Result<LeaseRequest> read_lease_request(std::string_view json) {
    if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) return LeaseRequest();
    return read_document<LeaseRequest>(json, [](JsonObject& object) {
        LeaseRequest request;
        request.count = object.optional_number("count", request.count);
        request.bytes = object.optional_number("bytes", request.bytes);
        if (request.count == 0) object.refuse("count", "at least 1");
        return request;
    });
}

Result<Lease> read_lease(std::string_view json) {
    return read_document<Lease>(json, [](JsonObject& object) {
        Lease lease;
        lease.token = object.text("lease");
        lease.until = object.time("until");
        lease.mails = object.objects<HandedMail>("mails", most_mails, read_mail);
        lease.left = object.optional_number("left", 0);
        return lease;
    });
}

Result<Acknowledgement> read_acknowledgement(std::string_view json) {
    return read_document<Acknowledgement>(json, [](JsonObject& object) {
        Acknowledgement acknowledgement;
        acknowledgement.lease = object.text("lease");
        acknowledgement.results =
            object.objects<Acknowledgement::Result>("results", most_results, read_result);
        return acknowledgement;
    });
}

Result<AcknowledgementAnswer> read_acknowledgement_answer(std::string_view json) {
    return read_document<AcknowledgementAnswer>(json, [](JsonObject& object) {
        AcknowledgementAnswer answer;
        answer.taken = object.number("taken");
        answer.repeated = object.number("repeated");
        answer.stale = object.number("stale");
        answer.unknown = object.number("unknown");
        return answer;
    });
}

Result<BoxStatus> read_box_status(std::string_view json) {
    return read_document<BoxStatus>(json, [](JsonObject& object) {
        BoxStatus status;
        status.waiting = object.number("waiting");
        status.leased = object.number("leased");
        status.bytes = object.number("bytes");
        status.oldest = object.time("oldest");
        return status;
    });
}

Result<std::string> read_token(std::string_view json) {
    return read_document<std::string>(json, [](JsonObject& object) { return object.text("lease"); });
}

std::string to_json(const std::vector<LegacyMail>& mails) {
    json::array array;
    for (const LegacyMail& mail : mails)
        array.push_back({{"mail_from", clean_utf8(mail.mail_from)},
                         {"rcpt_tos", texts(mail.rcpt_tos)},
                         {"subject", clean_utf8(mail.subject)},
                         {"body", clean_utf8(mail.body)},
                         {"data", clean_utf8(mail.data)},
                         {"timestamp", time_text(mail.timestamp)}});
    return json::serialize(array);
}

}  // namespace mailrota::wire
