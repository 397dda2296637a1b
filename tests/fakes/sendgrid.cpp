#include "tests/fakes/sendgrid.h"

#include "tests/fakes/header_block.h"
#include "tests/fakes/mime.h"
#include "tests/fakes/sendgrid_check.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 30'000'000;

std::string shown(const json::object& person) {
    return mailbox(text_at(person, "name"), text_at(person, "email"));
}

/// "to" and the like of a personalization: recipients for the mail, and the header's value.
std::string read_people(const json::object& entry, const char* list, Mail& mail) {
    std::string value;
    const auto* people = entry.if_contains(list);
    if (!people || !people->is_array()) return value;
    for (const auto& person : people->get_array()) {
        mail.to.push_back(text_at(person.as_object(), "email"));
        value += (value.empty() ? "" : ",\r\n ") + shown(person.as_object());
    }
    return value;
}

void add_parts(const json::object& call, Composition& parts) {
    if (const auto* content = call.if_contains("content"))
        for (const auto& part : content->as_array()) {
            const auto type = text_at(part.as_object(), "type");
            const auto value = text_at(part.as_object(), "value");
            if (type == "text/plain") parts.text = value;
            if (type == "text/html") parts.html = value;
            if (type != "text/plain" && type != "text/html") parts.others.emplace_back(type, value);
        }
    if (const auto* attachments = call.if_contains("attachments"))
        for (const auto& entry : attachments->as_array()) {
            const auto& attachment = entry.as_object();
            const auto type = text_at(attachment, "type");
            parts.attachments.push_back(
                {text_at(attachment, "filename"), type.empty() ? "application/octet-stream" : type,
                 from_base64(text_at(attachment, "content")).value_or(""), text_at(attachment, "content_id"),
                 text_at(attachment, "disposition") == "inline"});
        }
}

void add_headers(const json::object& from, Composition& parts) {
    if (const auto* headers = from.if_contains("headers"))
        for (const auto& [name, value] : headers->as_object())
            parts.headers.emplace_back(name, value.as_string());
}

void read_metadata(const json::object& from, Mail& mail) {
    const auto* arguments = from.if_contains("custom_args");
    if (arguments && arguments->is_object()) mail.our_id = text_at(arguments->get_object(), "mailrota_id");
}

std::string reply_to_list(const json::object& call) {
    std::string all;
    if (const auto* list = call.if_contains("reply_to_list"))
        for (const auto& one : list->as_array()) all += (all.empty() ? "" : ", ") + shown(one.as_object());
    return all;
}

Mail mail_of(const json::object& call) {
    Mail mail;
    mail.id = random_hex(22);
    mail.sender = text_at(call.at("from").as_object(), "email");
    mail.subject = text_at(call, "subject");
    read_metadata(call, mail);
    for (const char* extra : {"categories", "tracking_settings", "custom_args", "mail_settings"})
        if (const auto* value = call.if_contains(extra)) mail.extras[extra] = *value;
    const auto& entries = call.at("personalizations").as_array();
    for (const auto& element : entries) {
        const auto& entry = element.as_object();
        read_metadata(entry, mail);
        Mail one;
        Composition parts;
        const auto subject = text_at(entry, "subject");
        parts.headers.emplace_back("From", shown(call.at("from").as_object()));
        parts.headers.emplace_back("To", read_people(entry, "to", one));
        if (auto cc = read_people(entry, "cc", one); !cc.empty()) parts.headers.emplace_back("Cc", cc);
        read_people(entry, "bcc", one);
        parts.headers.emplace_back("Subject", subject.empty() ? mail.subject : subject);
        if (const auto* reply_to = call.if_contains("reply_to"))
            parts.headers.emplace_back("Reply-To", shown(reply_to->as_object()));
        if (const auto replies = reply_to_list(call); !replies.empty())
            parts.headers.emplace_back("Reply-To", replies);
        add_headers(call, parts);
        add_headers(entry, parts);
        add_parts(call, parts);
        const auto content = compose(parts);
        for (const auto& recipient : one.to)
            mail.deliveries.push_back({recipient, mail.id, entries.size() > 1 ? content : ""});
        mail.to.insert(mail.to.end(), one.to.begin(), one.to.end());
        mail.content = content;
    }
    return mail;
}

}  // namespace

SendGrid::SendGrid(PostOffice& office, Faults& faults, const Keyring& keys)
    : Provider("sendgrid", office, faults), keys_(keys) {}

bool SendGrid::is_sending(const Request& request) const { return request.path == "/v3/mail/send"; }

std::optional<Reply> SendGrid::route(const Request& request) const {
    if (is_sending(request) && request.method != "POST") return sendgrid_error(405, "Method Not Allowed");
    return {};
}

bool SendGrid::is_authorized(const Request& request) const {
    return request.header("Authorization") == "Bearer " + account().key;
}

Reply SendGrid::look(const Request& request) {
    if (request.path == "/v3/scopes" && request.method == "GET")
        return json_reply(200, {{"scopes", {"mail.send", "user.account.read"}}});
    if (request.path == "/v3/user/account" && request.method == "GET")
        return json_reply(200, {{"type", "paid"}, {"reputation", 99.9}});
    return sendgrid_error(404, "Not found");
}

Provider::Draft SendGrid::read(const Request& request) {
    if (!small_letters(request.header("Content-Type")).starts_with("application/json"))
        return sendgrid_error(415, "Content-Type should be application/json.");
    if (request.body.size() > most_bytes)
        return sendgrid_error(413, "The JSON payload you have included in your request is too large.");
    const auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object()) return sendgrid_error(400, "Bad Request");
    if (account().check)
        if (auto refused = check_sendgrid(*parsed)) return *std::move(refused);
    return mail_of(parsed->get_object());
}

Reply SendGrid::refusal(const Fault& fault) const {
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            return sendgrid_error(401, "The provided authorization grant is invalid, expired, or revoked");
        case Fault::Kind::unverified_domain:
            return sendgrid_error(
                403,
                "The from address does not match a verified Sender Identity. Mail cannot be sent until "
                "this error is resolved.",
                "from");
        case Fault::Kind::suspended:
            return sendgrid_error(403, "Your account has been suspended. Please contact support.");
        case Fault::Kind::quota:
            return sendgrid_error(401, "Maximum credits exceeded");
        case Fault::Kind::rate_limited: {
            Reply reply = sendgrid_error(429, "too many requests");
            tell_delay(reply, fault, "reset_epoch");
            return reply;
        }
        case Fault::Kind::too_large:
            return sendgrid_error(413, "The JSON payload you have included in your request is too large.");
        case Fault::Kind::bad_message:
            return sendgrid_error(400, fault.words.empty() ? "Bad Request" : fault.words, "content");
        case Fault::Kind::unavailable:
            return sendgrid_error(503, "Service Unavailable");
        default:
            return sendgrid_error(500, "Internal Server Error");
    }
}

std::optional<Reply> SendGrid::turn_down(const Mail&, const std::vector<std::string>& bad,
                                         const std::vector<std::string>&) const {
    if (bad.empty()) return {};
    return sendgrid_error(400, "Does not contain a valid address.", "personalizations.0.to.0.email");
}

Reply SendGrid::accepted(const Mail& mail) const {
    Reply reply;
    reply.status = 202;
    reply.headers.emplace_back("X-Message-Id", mail.id);
    return reply;
}

}  // namespace mailrota::fakes
