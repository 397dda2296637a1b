#include "tests/fakes/resend.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 40'000'000;

}  // namespace

Reply resend_error(int status, const std::string& name, const std::string& words) {
    return json_reply(status, {{"statusCode", status}, {"name", name}, {"message", words}});
}

Resend::Resend(PostOffice& office, Faults& faults) : Provider("resend", office, faults) {
    account().webhook_key = "whsec_" + to_base64("resend-webhook-secret-24");
}

void Resend::reset() {
    Provider::reset();
    idempotency_.clear();
}

bool Resend::is_sending(const Request& request) const { return request.path == "/emails"; }

std::optional<Reply> Resend::route(const Request& request) const {
    if (is_sending(request) && request.method != "POST")
        return resend_error(405, "method_not_allowed", "Method is not allowed for the requested path.");
    return {};
}

bool Resend::is_authorized(const Request& request) const {
    return request.header("Authorization") == "Bearer " + account().key;
}

Reply Resend::look(const Request& request) {
    if (request.path != "/domains" || request.method != "GET")
        return resend_error(404, "not_found", "The requested endpoint does not exist.");
    json::array domains;
    for (const auto& domain : account().domains)
        domains.push_back({{"id", random_uuid()},
                           {"name", domain},
                           {"status", "verified"},
                           {"created_at", "2024-01-01 00:00:00+00"},
                           {"region", "eu-west-1"}});
    return json_reply(200, {{"object", "list"}, {"has_more", false}, {"data", domains}});
}

bool Resend::is_too_fast() {
    const auto now = std::chrono::steady_clock::now();
    while (!recent_.empty() && recent_.front() < now - std::chrono::seconds(1)) recent_.pop_front();
    const auto most = static_cast<std::size_t>(account().most_calls_a_second);
    if (most > 0 && recent_.size() >= most) return true;
    if (most > 0) recent_.push_back(now);
    return false;
}

std::optional<Reply> Resend::replay(const Request& request) {
    if (is_too_fast()) {
        Fault limit;
        limit.kind = Fault::Kind::rate_limited;
        return refusal(limit);
    }
    const auto key = request.header("Idempotency-Key");
    if (key.empty()) return {};
    if (key.size() > 256)
        return resend_error(400, "invalid_idempotency_key", "The key must be between 1-256 chars.");
    switch (idempotency_.standing(key, request.body)) {
        case Idempotency::Standing::fresh:
            return {};
        case Idempotency::Standing::same:
            return idempotency_.reply(key);
        case Idempotency::Standing::other:
            return resend_error(409, "invalid_idempotent_request",
                                "Same idempotency key used with a different request payload.");
        case Idempotency::Standing::under_way:
            break;
    }
    return resend_error(409, "concurrent_idempotent_requests",
                        "Same idempotency key used while original request is still in progress.");
}

void Resend::remember(const Request& request, const Reply& reply) {
    const auto key = request.header("Idempotency-Key");
    if (!key.empty()) idempotency_.remember(key, request.body, reply, account().latency);
}

Provider::Draft Resend::read(const Request& request) {
    if (request.body.size() > most_bytes)
        return resend_error(413, "validation_error", "The request is too large.");
    const auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object())
        return resend_error(400, "validation_error", "The request body is not valid JSON.");
    if (account().check)
        if (auto refused = check_resend(*parsed)) return *std::move(refused);
    Mail mail = resend_mail(parsed->get_object());
    if (const auto key = request.header("Idempotency-Key"); !key.empty())
        mail.extras["idempotency_key"] = key;
    return mail;
}

Reply Resend::refusal(const Fault& fault) const {
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            return resend_error(401, "invalid_api_key", "API key is invalid");
        case Fault::Kind::unverified_domain: {
            const auto domain = fault.words.empty() ? "example.com" : fault.words;
            return resend_error(403, "validation_error",
                                "The " + domain +
                                    " domain is not verified. Please, add and verify your domain on "
                                    "https://resend.com/domains");
        }
        case Fault::Kind::suspended:
            return resend_error(403, "restricted_api_key", "This account is suspended.");
        case Fault::Kind::quota:
            return resend_error(429, "daily_quota_exceeded",
                                "You have reached your daily email sending quota.");
        case Fault::Kind::rate_limited: {
            Reply reply = resend_error(429, "rate_limit_exceeded",
                                       "Too many requests. You can only make 2 requests per second.");
            tell_delay(reply, fault, "ratelimit");
            return reply;
        }
        case Fault::Kind::too_large:
            return resend_error(413, "validation_error", "The request is too large.");
        case Fault::Kind::bad_message:
            return resend_error(422, "validation_error",
                                fault.words.empty() ? "Invalid content." : fault.words);
        case Fault::Kind::unavailable:
            return resend_error(503, "application_error", "Service Unavailable");
        default:
            return resend_error(500, "application_error", "An unexpected error occurred.");
    }
}

std::optional<Reply> Resend::turn_down(const Mail&, const std::vector<std::string>& bad,
                                       const std::vector<std::string>&) const {
    if (bad.empty()) return {};
    return resend_error(422, "validation_error",
                        "Invalid `to` field. The email address needs to follow the `email@example.com` or "
                        "`Name <email@example.com>` format.");
}

Reply Resend::accepted(const Mail& mail) const { return json_reply(200, {{"id", mail.id}}); }

}  // namespace mailrota::fakes
