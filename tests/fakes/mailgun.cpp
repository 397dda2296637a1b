#include "tests/fakes/mailgun.h"

#include <algorithm>

#include "tests/fakes/header_block.h"
#include "tests/fakes/mime.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 52'400'000;

Reply message(int status, const std::string& text) { return json_reply(status, {{"message", text}}); }

/// The steps of a path: "/v3/example.com/events" → v3, example.com, events.
std::vector<std::string> steps_of(const std::string& path) {
    std::vector<std::string> steps;
    std::string_view rest = path;
    while (rest.starts_with('/')) {
        rest.remove_prefix(1);
        steps.push_back(percent_decoded(rest.substr(0, rest.find('/'))));
        rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    }
    return steps;
}

bool is_domain_call(const std::vector<std::string>& steps) {
    return (steps.size() == 2 || steps.size() == 3) && (steps[0] == "v3" || steps[0] == "v4") &&
           steps[1] == "domains";
}

Mail composed(const std::vector<FormPart>& parts) {
    Mail mail;
    Composition composition;
    for (const auto& part : parts) {
        if (part.name == "from") composition.headers.emplace_back("From", mailboxes(part.value));
        if (part.name == "to") composition.headers.emplace_back("To", mailboxes(part.value));
        if (part.name == "cc") composition.headers.emplace_back("Cc", mailboxes(part.value));
        if (part.name == "subject") composition.headers.emplace_back("Subject", part.value);
        if (part.name == "text") composition.text = part.value;
        if (part.name == "html") composition.html = part.value;
        if (part.name.starts_with("h:")) composition.headers.emplace_back(part.name.substr(2), part.value);
        const bool in_line = part.name == "inline";
        if ((in_line || part.name == "attachment") && !part.file_name.empty())
            composition.attachments.push_back({part.file_name, "application/octet-stream", part.value,
                                               in_line ? part.file_name : "", in_line});
    }
    mail.content = compose(composition);
    return mail;
}

/// The mail as it leaves: without the fields that were meant for Mailgun, with a Message-ID.
void finish_bytes(Mail& mail) {
    HeaderBlock header(mail.given);
    if (!header.value("Message-ID")) header.set("Message-ID", mail.id);
    mail.id = header.value("Message-ID").value_or(mail.id);
    header.remove_if([](const std::string& name) { return name.starts_with("x-mailgun-"); });
    mail.content = header.mail();
}

}  // namespace

Mailgun::Mailgun(PostOffice& office, Faults& faults) : Provider("mailgun", office, faults) {
    account().domains = {"example.com", "example.net"};
    account().webhook_key = "mailgun-signing-key";
}

bool Mailgun::is_sending(const Request& request) const {
    const auto steps = steps_of(request.path);
    return request.method == "POST" && steps.size() == 3 && steps[0] == "v3" &&
           (steps[2] == "messages.mime" || steps[2] == "messages");
}

std::optional<Reply> Mailgun::route(const Request& request) const {
    const auto steps = steps_of(request.path);
    const bool events = steps.size() == 3 && steps[0] == "v3" && steps[2] == "events";
    const bool known = is_sending(request) || (request.method == "GET" && (events || is_domain_call(steps)));
    if (known) return {};
    return text_reply(200, "Mailgun Magnificent API");
}

bool Mailgun::is_authorized(const Request& request) const {
    return request.header("Authorization") == "Basic " + to_base64("api:" + account().key);
}

bool Mailgun::knows(const std::string& domain) const {
    return account().domains.empty() || account().domains.contains(small_letters(domain));
}

Reply Mailgun::look(const Request& request) {
    const auto steps = steps_of(request.path);
    if (!is_domain_call(steps)) return events_of(request);
    const auto described = [](const std::string& domain) {
        return json::object{{"id", "0123456789abcdef01234567"},
                            {"name", domain},
                            {"state", "active"},
                            {"type", "custom"},
                            {"is_disabled", false}};
    };
    if (steps.size() == 3) {
        if (!knows(steps[2])) return message(404, "Domain not found: " + steps[2]);
        return json_reply(200, {{"domain", described(steps[2])}});
    }
    json::array items;
    for (const auto& domain : account().domains) items.push_back(described(domain));
    return json_reply(200, {{"total_count", items.size()}, {"items", items}});
}

Provider::Draft Mailgun::read(const Request& request) {
    const auto steps = steps_of(request.path);
    if (!knows(steps[1])) return message(404, "Domain not found: " + steps[1]);
    if (request.body.size() > most_bytes) return message(413, "Request too large");
    const auto parts = parse_form(request);
    if (!parts) return message(400, "malformed multipart form");
    const bool mime = steps[2] == "messages.mime";
    if (account().check)
        if (auto refused = check_mailgun(*parts, mime)) return *std::move(refused);
    Mail mail = mime ? Mail() : composed(*parts);
    mail.id = "<" + random_hex(24) + "@" + steps[1] + ">";
    bool dropped = false;
    for (const auto& part : *parts) {
        if (part.name == "to" || part.name == "cc" || part.name == "bcc")
            for (const auto& one : split_mailboxes(part.value)) mail.to.push_back(bare_address(one));
        if (part.name == "message") mail.given = part.value;
        if (part.name == "v:mailrota_id") mail.our_id = part.value;
        if (part.name.starts_with("o:") || part.name.starts_with("v:")) mail.extras[part.name] = part.value;
        dropped = dropped || part.name == "o:testmode";
    }
    read_header(mail, mime ? mail.given : mail.content);
    if (mime) {
        dropped = dropped || HeaderBlock(mail.given).value("X-Mailgun-Drop-Message") == "yes";
        finish_bytes(mail);
    }
    if (!dropped) deliver_to_all(mail);
    return mail;
}

std::string Mailgun::sending_domain(const Request&, const Mail&) const { return ""; }

Reply Mailgun::refusal(const Fault& fault) const {
    const auto seconds = std::to_string(fault.seconds);
    const std::string domain = account().domains.empty() ? "example.com" : *account().domains.begin();
    const std::string barred = "Domain " + domain + " is not allowed to send: ";
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            return text_reply(401, "Forbidden");
        case Fault::Kind::unverified_domain:
            return message(400, barred +
                                    "The domain is unverified and requires DNS configuration. Log in to your "
                                    "control panel to view required DNS records.");
        case Fault::Kind::suspended:
            return message(400, barred + "Please activate your Mailgun account.");
        case Fault::Kind::quota:
            return message(402, "Payment required: the message limit of this month is reached");
        case Fault::Kind::rate_limited: {
            const auto until = plain_date(current_second() + std::chrono::seconds(fault.seconds)) + " UTC";
            const bool counted = fault.form == "text_seconds";
            Reply reply =
                message(429, barred + (counted ? "account-requests-per-sec limit exceeded, try again after " +
                                                     seconds + " seconds"
                                               : "request limit exceeded, try again after " + until));
            tell_delay(reply, fault, "text_date");
            return reply;
        }
        case Fault::Kind::too_large:
            return message(413, "Request entity too large");
        case Fault::Kind::bad_message:
            return message(400, fault.words.empty() ? "message parameter is not a file" : fault.words);
        case Fault::Kind::unavailable:
            return message(503, "Service Unavailable");
        default:
            return message(500, "Internal Server Error");
    }
}

std::optional<Reply> Mailgun::turn_down(const Mail&, const std::vector<std::string>& bad,
                                        const std::vector<std::string>&) const {
    if (bad.empty()) return {};
    return message(400, "to parameter is not a valid address. please check documentation");
}

Reply Mailgun::accepted(const Mail& mail) const {
    return json_reply(200, {{"id", mail.id}, {"message", "Queued. Thank you."}});
}

}  // namespace mailrota::fakes
