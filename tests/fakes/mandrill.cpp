#include "tests/fakes/mandrill.h"

#include <algorithm>
#include <set>

#include "tests/fakes/header_block.h"
#include "tests/fakes/mandrill_mail.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 25'000'000;

/// "/api/1.0/messages/send-raw.json" → "messages/send-raw"; empty if it is no such path.
std::string call_of(const std::string& path) {
    constexpr std::string_view root = "/api/1.";
    const std::string_view given = path;
    if (!given.starts_with(root)) return "";
    auto call = given.substr(std::min(given.find('/', root.size()), given.size()));
    if (call.starts_with('/')) call.remove_prefix(1);
    if (call.ends_with(".json")) call.remove_suffix(5);
    static const std::set<std::string, std::less<>> known = {
        "messages/send-raw", "messages/send", "messages/search", "users/ping", "users/ping2", "users/info"};
    return known.contains(call) ? std::string(call) : "";
}

}  // namespace

Mandrill::Mandrill(PostOffice& office, Faults& faults) : Provider("mandrill", office, faults) {
    account().webhook_key = "mandrill-webhook-key";
}

bool Mandrill::is_sending(const Request& request) const {
    return request.method == "POST" && call_of(request.path).starts_with("messages/send");
}

Reply Mandrill::error(int status, int code, const std::string& name, const std::string& words) const {
    return json_reply(old_version_ ? 500 : status,
                      {{"status", "error"}, {"code", code}, {"name", name}, {"message", words}});
}

Reply Mandrill::invalid(const std::string& field, const std::string& words) const {
    return error(400, -2, "ValidationError", "Validation error: {\"" + field + "\":\"" + words + "\"}");
}

std::optional<Reply> Mandrill::route(const Request& request) const {
    old_version_ = request.path.starts_with("/api/1.0/");
    if (call_of(request.path).empty())
        return error(404, -1, "Unknown_Method", "Unknown method \"" + request.path + "\"");
    if (request.method != "POST") return error(405, -1, "GeneralError", "Method not allowed");
    return {};
}

bool Mandrill::is_authorized(const Request& request) const {
    if (request.body.find(account().key) == std::string::npos) return false;
    const auto call = parse_json(request.body);
    return call && call->is_object() && text_at(call->get_object(), "key") == account().key;
}

Reply Mandrill::look(const Request& request) {
    const auto call = call_of(request.path);
    if (call == "users/ping") return json_reply(200, "PONG!");
    if (call == "users/ping2") return json_reply(200, {{"PING", "PONG!"}});
    if (call == "users/info")
        return json_reply(200, {{"username", "example"},
                                {"created_at", "2020-01-01 00:00:00"},
                                {"public_id", "abc"},
                                {"reputation", 99},
                                {"hourly_quota", 1000},
                                {"backlog", 0}});
    return found(parse_json(request.body)->get_object());
}

Reply Mandrill::found(const json::object& call) const {
    if (const auto breach = check(call, mandrill_search_shape())) return invalid(breach->path, breach->what);
    const auto query = text_at(call, "query");
    json::array results;
    for (const auto& mail : listed()) {
        const bool fits = query.empty() || query == "*" ||
                          (!mail->our_id.empty() && query.find(mail->our_id) != std::string::npos);
        if (!fits) continue;
        for (const auto& delivery : mail->deliveries)
            results.push_back({{"ts", mail->at.time_since_epoch().count()},
                               {"_id", delivery.provider_id},
                               {"sender", mail->sender},
                               {"template", nullptr},
                               {"subject", mail->subject},
                               {"email", delivery.recipient},
                               {"tags", json::array{}},
                               {"opens", 0},
                               {"clicks", 0},
                               {"state", "sent"},
                               {"metadata", {{"mailrota_id", mail->our_id}}}});
    }
    return json_reply(200, results);
}

Provider::Draft Mandrill::read(const Request& request) {
    const auto value = parse_json(request.body);
    const auto& call = value->get_object();
    const bool raw = call_of(request.path) == "messages/send-raw";
    if (request.body.size() > most_bytes)
        return error(413, -2, "ValidationError", "Message exceeds maximum size of 25MB");
    if (account().check)
        if (const auto breach = check(*value, raw ? mandrill_raw_shape() : mandrill_message_shape()))
            return invalid(breach->path, breach->what);
    auto mail = raw ? mandrill_raw_mail(call) : mandrill_composed_mail(call);
    if (mail.to.empty()) return invalid("to", "Please enter an array");
    if (mail.sender.empty()) return invalid("from_email", "Please enter a value");
    if (is_unsigned(mail)) mail.deliveries.clear();
    return mail;
}

bool Mandrill::answers_itself(const Fault& fault) const {
    return fault.kind == Fault::Kind::unverified_domain || fault.kind == Fault::Kind::stuck;
}

bool Mandrill::is_unsigned(const Mail& mail) const {
    const auto& fault = current_fault();
    const bool known = account().domains.empty() || account().domains.contains(domain_of(mail.sender));
    return !known || (fault && fault->kind == Fault::Kind::unverified_domain);
}

std::string Mandrill::sending_domain(const Request&, const Mail&) const { return ""; }

Reply Mandrill::refusal(const Fault& fault) const {
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            return error(401, -1, "Invalid_Key", "Invalid API key");
        case Fault::Kind::suspended:
            return error(402, 10, "PaymentRequired", "This account is suspended.");
        case Fault::Kind::quota:
            return error(402, 10, "PaymentRequired", "The requested feature requires payment.");
        case Fault::Kind::rate_limited: {
            Reply reply = error(429, 429, "RequestLimitExceeded", "Too Many Requests attempted recently");
            tell_delay(reply, fault, "plain");
            return reply;
        }
        case Fault::Kind::too_large:
            return error(413, -2, "ValidationError", "Message exceeds maximum size of 25MB");
        case Fault::Kind::bad_message:
            return invalid("raw_message", fault.words.empty() ? "Please enter a value" : fault.words);
        case Fault::Kind::unavailable:
            return error(503, -2, "ServiceUnavailable", "Service Temporarily Unavailable");
        default:
            return error(500, -1, "GeneralError",
                         "An unknown error occurred processing your request. Please try again later.");
    }
}

json::object Mandrill::result(const Mail& mail, const std::string& recipient) const {
    const auto delivery = std::ranges::find(mail.deliveries, recipient, &Delivery::recipient);
    if (is_bad(recipient)) return {{"email", recipient}, {"status", "invalid"}, {"reject_reason", nullptr}};
    const bool unsigned_domain =
        !account().domains.empty() && !account().domains.contains(domain_of(mail.sender));
    const std::string id = delivery == mail.deliveries.end() ? random_hex(32) : delivery->provider_id;
    if (unsigned_domain || is_suppressed(recipient))
        return {{"email", recipient},
                {"status", "rejected"},
                {"_id", id},
                {"reject_reason", unsigned_domain ? "unsigned" : "hard-bounce"},
                {"queued_reason", nullptr}};
    const auto& fault = current_fault();
    const bool stuck = fault && fault->kind == Fault::Kind::stuck;
    const bool queued = stuck || mail.to.size() > 10;
    const std::string reason = !stuck                 ? "multiple-recipients"
                               : fault->words.empty() ? "account-suspended"
                                                      : fault->words;
    json::object result{{"email", recipient},
                        {"status", queued ? "queued" : "sent"},
                        {"_id", id},
                        {"reject_reason", nullptr}};
    result["queued_reason"] = queued ? json::value(reason) : json::value(nullptr);
    return result;
}

Reply Mandrill::accepted(const Mail& mail) const {
    json::array results;
    for (const auto& recipient : mail.to) results.push_back(result(mail, recipient));
    return json_reply(200, results);
}

}  // namespace mailrota::fakes
