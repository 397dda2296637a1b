#include "tests/fakes/sparkpost.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cctype>

#include "tests/fakes/header_block.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 20'000'000;
constexpr std::size_t most_metadata = 10'000;

Reply error(int status, const std::string& code, const std::string& words,
            const std::string& description = "") {
    json::object entry{{"message", words}};
    if (!code.empty()) entry["code"] = code;
    if (!description.empty()) entry["description"] = description;
    return json_reply(status, {{"errors", json::array{json::value(entry)}}});
}

Shape recipient_shape() {
    const Shape address = object({{"email", text(1), required}, {"name", text()}, {"header_to", text()}});
    return object({{"address", either(address, text(1)), required},
                   {"return_path", text()},
                   {"tags", list(text())},
                   {"metadata", object_of(anything())},
                   {"substitution_data", object_of(anything())}});
}

Shape options_shape() {
    std::vector<ShapeField> fields = {{"start_time", text()}, {"ip_pool", text()}};
    for (const char* name : {"open_tracking", "click_tracking", "initial_open", "transactional", "sandbox",
                             "skip_suppression", "inline_css", "perform_substitutions"})
        fields.push_back({name, boolean()});
    return object(std::move(fields));
}

const Shape& call_shape() {
    static const Shape shape = object({{"options", options_shape()},
                                       {"recipients", list(recipient_shape(), 1), required},
                                       {"campaign_id", text(0, 64)},
                                       {"description", text(0, 1024)},
                                       {"metadata", object_of(anything())},
                                       {"substitution_data", object_of(anything())},
                                       {"return_path", text(1)},
                                       {"content", object({{"email_rfc822", text(1), required}}), required}});
    return shape;
}

/// What the template engine makes of a text whose variables nobody has set; nothing: a syntax error.
std::optional<std::string> substituted(std::string_view text) {
    std::string result;
    for (;;) {
        const auto open = text.find("{{");
        result += text.substr(0, open);
        if (open == std::string_view::npos) return result;
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos) return {};
        text.remove_prefix(close + 2);
    }
}

/// The mail after the template engine: always the header; the body unless it was told to leave it.
std::optional<std::string> through_the_engine(const std::string& bytes, bool body_too) {
    if (bytes.find("{{") == std::string::npos) return bytes;
    const HeaderBlock block(bytes);
    const auto size = bytes.size() - block.body().size();
    const auto header = substituted(std::string_view(bytes).substr(0, size));
    const auto body = body_too ? substituted(block.body()) : std::string(block.body());
    if (!header || !body) return {};
    return *header + *body;
}

bool switched_off(const json::object& call, const char* name) {
    const auto* options = call.if_contains("options");
    const auto* value = options && options->is_object() ? options->get_object().if_contains(name) : nullptr;
    return value && value->is_bool() && !value->get_bool();
}

void read_recipients(const json::object& call, Mail& mail) {
    for (const auto& entry : call.at("recipients").as_array()) {
        const auto& recipient = entry.as_object();
        const auto& address = recipient.at("address");
        mail.to.push_back(address.is_string() ? std::string(address.get_string())
                                              : text_at(address.as_object(), "email"));
        if (const auto* metadata = recipient.if_contains("metadata"); metadata && metadata->is_object())
            if (const auto id = text_at(metadata->get_object(), "mailrota_id"); !id.empty()) mail.our_id = id;
    }
}

}  // namespace

SparkPost::SparkPost(PostOffice& office, Faults& faults) : Provider("sparkpost", office, faults) {
    account().webhook_user = "sparkpost";
    account().webhook_password = "sparkpost-hook";
}

void SparkPost::reset() {
    Provider::reset();
    idempotency_.clear();
}

bool SparkPost::is_sending(const Request& request) const {
    return request.path == "/api/v1/transmissions" || request.path == "/api/v1/transmissions/";
}

std::optional<Reply> SparkPost::route(const Request& request) const {
    if (is_sending(request) && request.method != "POST") return error(405, "", "Method not allowed");
    return {};
}

bool SparkPost::is_authorized(const Request& request) const {
    return request.header("Authorization") == account().key;
}

Reply SparkPost::look(const Request& request) {
    if (request.path != "/api/v1/account" || request.method != "GET")
        return error(404, "", "Resource could not be found");
    return json_reply(200, {{"results",
                             {{"company_name", "Example"},
                              {"customer_id", 1},
                              {"status", "active"},
                              {"subscription", {{"code", "example"}, {"plan_volume", 50000}}}}}});
}

std::optional<Reply> SparkPost::replay(const Request& request) {
    const auto key = request.header("Idempotency-Key");
    if (key.empty()) return {};
    const bool right = key.size() <= 255 && std::ranges::all_of(key, [](unsigned char c) {
                           return std::isalnum(c) || c == '.' || c == '_' || c == '-';
                       });
    if (!right) return error(400, "1602", "Invalid Idempotency-Key");
    switch (idempotency_.standing(key, request.body)) {
        case Idempotency::Standing::fresh:
            return {};
        case Idempotency::Standing::other:
            return error(409, "1600", "Idempotency-Key was used with another payload");
        case Idempotency::Standing::under_way:
            return error(409, "1601", "A request with this Idempotency-Key is in progress");
        case Idempotency::Standing::same:
            break;
    }
    Reply reply = idempotency_.reply(key);
    reply.headers.emplace_back("X-Idempotent-Replayed", "true");
    return reply;
}

void SparkPost::remember(const Request& request, const Reply& reply) {
    const auto key = request.header("Idempotency-Key");
    if (!key.empty()) idempotency_.remember(key, request.body, reply, account().latency);
}

Provider::Draft SparkPost::read(const Request& request) {
    if (!small_letters(request.header("Content-Type")).starts_with("application/json"))
        return error(415, "", "Unsupported Media Type");
    if (request.body.size() > most_bytes) return error(413, "", "Request Entity Too Large");
    const auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object())
        return error(400, "1300", "invalid data format/type", "Problems parsing request as JSON");
    if (account().check)
        if (const auto breach = check(*parsed, call_shape()))
            return error(422, breach->kind == Breach::Kind::missing ? "1400" : "1300",
                         breach->kind == Breach::Kind::missing ? "required field is missing"
                                                               : "invalid data format/type",
                         breach->path + " " + breach->what);
    const auto& call = parsed->get_object();
    Mail mail;
    mail.id = std::to_string(10'000'000'000'000'000 + std::stoull(random_hex(12), nullptr, 16));
    mail.given = text_at(call.at("content").as_object(), "email_rfc822");
    read_header(mail, mail.given);
    if (mail.sender.empty())
        return error(422, "1400", "required field is missing", "content.from is required");
    if (const auto* metadata = call.if_contains("metadata"); metadata && metadata->is_object()) {
        if (json::serialize(*metadata).size() > most_metadata)
            return error(422, "1300", "invalid data format/type", "metadata exceeds 10 KB");
        mail.our_id = text_at(metadata->get_object(), "mailrota_id");
    }
    read_recipients(call, mail);
    for (const char* name : {"options", "metadata", "return_path", "campaign_id"})
        if (const auto* value = call.if_contains(name)) mail.extras[name] = *value;
    if (const auto key = request.header("Idempotency-Key"); !key.empty())
        mail.extras["idempotency_key"] = key;
    auto rendered = through_the_engine(mail.given, !switched_off(call, "perform_substitutions"));
    if (!rendered)
        return error(422, "3000", "substitution language syntax error in template content",
                     "while compiling header");
    HeaderBlock header(*rendered);
    header.remove_if([](const std::string& name) { return name == "x-msys-api" || name == "bcc"; });
    mail.content = header.mail();
    deliver_to_all(mail);
    std::erase_if(mail.deliveries, [](const Delivery& one) { return !is_address(one.recipient); });
    return mail;
}

Reply SparkPost::refusal(const Fault& fault) const {
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            return error(401, "", "Unauthorized.");
        case Fault::Kind::unverified_domain:
            return error(
                400, "7001", "Invalid domain",
                "Unconfigured Sending Domain <" + (fault.words.empty() ? "example.com" : fault.words) + ">");
        case Fault::Kind::suspended:
            return error(403, "", "Forbidden.");
        case Fault::Kind::quota:
            return error(420, "2101", "Exceed Sending Limit (daily)");
        case Fault::Kind::rate_limited: {
            Reply reply = error(429, "", "Too many requests");
            tell_delay(reply, fault, "plain");
            return reply;
        }
        case Fault::Kind::too_large:
            return error(413, "", "Request Entity Too Large");
        case Fault::Kind::bad_message:
            return error(422, "1400", "required field is missing", fault.words);
        case Fault::Kind::unavailable:
            return error(503, "", "Service Unavailable");
        default:
            return error(500, "", "Internal Server Error");
    }
}

Reply SparkPost::accepted(const Mail& mail) const {
    json::array faults;
    for (const auto& recipient : mail.to)
        if (is_bad(recipient) || (account().check && !is_address(recipient)))
            faults.push_back({{"message", "Invalid email address format"},
                              {"description", "'" + recipient + "' is not a valid email address"},
                              {"code", "5002"}});
    json::object results{{"total_rejected_recipients", faults.size()},
                         {"total_accepted_recipients", mail.to.size() - faults.size()},
                         {"id", mail.id}};
    if (!faults.empty()) results["rcpt_to_errors"] = faults;
    return json_reply(200, {{"results", results}});
}

}  // namespace mailrota::fakes
