#include "tests/fakes/ses.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/fakes/header_block.h"
#include "tests/fakes/sigv4.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 40'000'000;  // after base64
constexpr std::size_t most_recipients = 50;
constexpr std::size_t most_line = 998;

Reply error(int status, const std::string& name, const std::string& words) {
    Reply reply = json_reply(status, {{"message", words}});
    reply.headers.emplace_back("x-amzn-ErrorType", name);
    reply.headers.emplace_back("x-amzn-RequestId", random_uuid());
    return reply;
}
Reply bad(const std::string& words) { return error(400, "BadRequestException", words); }

Shape tag_text() { return text(1, 256); }

const Shape& call_shape() {
    static const Shape shape = object(
        {{"FromEmailAddress", text(1)},
         {"FromEmailAddressIdentityArn", text()},
         {"Destination", object({{"ToAddresses", list(text(1))},
                                 {"CcAddresses", list(text(1))},
                                 {"BccAddresses", list(text(1))}})},
         {"ReplyToAddresses", list(text(1))},
         {"FeedbackForwardingEmailAddress", text()},
         {"FeedbackForwardingEmailAddressIdentityArn", text()},
         {"Content",
          object({{"Raw", object({{"Data", text(1), required}})},
                  {"Simple", anything()},
                  {"Template", anything()}}),
          required},
         {"EmailTags", list(object({{"Name", tag_text(), required}, {"Value", tag_text(), required}}))},
         {"ConfigurationSetName", text()},
         {"EndpointId", text()},
         {"TenantName", text()},
         {"ListManagementOptions", object({{"ContactListName", text(), required}, {"TopicName", text()}})}});
    return shape;
}

/// What is wrong with the bytes; empty if nothing is.
std::string fault_of(std::string_view bytes) {
    if (!is_ascii(bytes)) return "The message contains 8-bit data, which is not supported.";
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        if (end - at > most_line + 1) return "A line of the message is longer than 1000 characters.";
        at = end + 1;
    }
    const HeaderBlock header(bytes);
    if (header.count("From") == 0) return "Missing required header 'From'.";
    constexpr std::array single = {"From",        "To",         "Cc",           "Subject",
                                   "Date",        "Message-ID", "Reply-To",     "Sender",
                                   "In-Reply-To", "References", "MIME-Version", "Content-Type"};
    for (const char* name : single)
        if (header.count(name) > 1) return std::string("Duplicate header '") + name + "'.";
    return "";
}

void read_destination(const json::object& call, const HeaderBlock& header, Mail& mail) {
    const auto* destination = call.if_contains("Destination");
    if (!destination) {
        for (const char* name : {"To", "Cc"})
            for (const auto& one : split_mailboxes(header.value(name).value_or("")))
                mail.to.push_back(bare_address(one));
        return;
    }
    for (const char* name : {"ToAddresses", "CcAddresses", "BccAddresses"})
        if (const auto* addresses = destination->as_object().if_contains(name))
            for (const auto& address : addresses->as_array())
                mail.to.push_back(bare_address(std::string(address.as_string())));
}

bool is_tag(const std::string& text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

std::optional<Reply> read_tags(const json::object& call, Mail& mail) {
    if (const auto* tags = call.if_contains("EmailTags"))
        for (const auto& entry : tags->as_array()) {
            const auto name = text_at(entry.as_object(), "Name");
            const auto value = text_at(entry.as_object(), "Value");
            if (!is_tag(name) || !is_tag(value))
                return bad("Invalid tag <" + name + "=" + value +
                           ">: only alphanumeric ASCII characters, '_', and '-' are allowed.");
            if (name == "mailrota_id") mail.our_id = value;
        }
    for (const char* name : {"EmailTags", "ConfigurationSetName"})
        if (const auto* value = call.if_contains(name)) mail.extras[name] = *value;
    return {};
}

}  // namespace

Ses::Ses(PostOffice& office, Faults& faults, const Keyring& keys)
    : Provider("ses", office, faults), keys_(keys) {
    account().access_key = "AKIDEXAMPLE";
    account().secret_key = "ses-secret-key";
}

bool Ses::is_sending(const Request& request) const { return request.path == "/v2/email/outbound-emails"; }

std::optional<Reply> Ses::route(const Request& request) const {
    if (request.path.ends_with(".pem")) return text_reply(200, keys_.certificate, "application/x-pem-file");
    if (find_field(request.query, "Action") == "ConfirmSubscription")
        return text_reply(200, "<ConfirmSubscriptionResponse/>", "text/xml");
    if (is_sending(request) && request.method != "POST")
        return error(405, "MethodNotAllowedException", "Method Not Allowed");
    return {};
}

bool Ses::is_authorized(const Request& request) const {
    const auto fault = check_sigv4(
        request, {account().access_key, account().secret_key, account().region, "ses"}, current_second());
    if (fault) why_unauthorized_ = error(403, fault->name, fault->words);
    return !fault;
}

Reply Ses::look(const Request& request) {
    if (request.path != "/v2/email/account" || request.method != "GET")
        return error(404, "UnknownOperationException", "");
    return json_reply(200, {{"DedicatedIpAutoWarmupEnabled", false},
                            {"EnforcementStatus", "HEALTHY"},
                            {"ProductionAccessEnabled", true},
                            {"SendingEnabled", true},
                            {"SendQuota",
                             {{"Max24HourSend", 50000.0},
                              {"MaxSendRate", 14.0},
                              {"SentLast24Hours", static_cast<double>(calls().sending)}}},
                            {"SuppressionAttributes", {{"SuppressedReasons", {"BOUNCE", "COMPLAINT"}}}}});
}

Provider::Draft Ses::read(const Request& request) {
    const auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object()) return error(400, "SerializationException", "");
    if (account().check)
        if (const auto breach = check(*parsed, call_shape())) return bad(breach->path + " " + breach->what);
    const auto& call = parsed->get_object();
    const auto* raw = call.at("Content").as_object().if_contains("Raw");
    if (!raw || call.at("Content").as_object().size() != 1)
        return bad("Content must be exactly one of Raw, Simple and Template.");
    const auto data = text_at(raw->as_object(), "Data");
    if (data.size() > most_bytes) return error(413, "RequestEntityTooLargeException", "Request too large");
    const auto bytes = from_base64(data);
    if (!bytes) return error(400, "SerializationException", "Raw.Data is not base64");
    if (const auto words = account().check ? fault_of(*bytes) : ""; !words.empty())
        return error(400, "MessageRejected", words);
    Mail mail;
    mail.id = "0102" + random_hex(12) + "-" + random_uuid() + "-000000";
    mail.given = *bytes;
    read_header(mail, mail.given);
    if (auto refused = read_tags(call, mail)) return *std::move(refused);
    HeaderBlock header(mail.given);
    read_destination(call, header, mail);
    if (mail.to.empty()) return bad("Missing final destination");
    if (mail.to.size() > most_recipients) return error(400, "MessageRejected", "Recipient count exceeds 50.");
    for (const auto& recipient : mail.to)
        if (account().check && !is_address(recipient)) return bad("Illegal address");
    header.set("Message-ID", "<" + mail.id + "@" + account().region + ".amazonses.com>");
    header.set("Date", plain_date(current_second()) + " +0000");
    header.remove_if([](const std::string& name) { return name.starts_with("x-ses-") || name == "bcc"; });
    mail.content = header.mail();
    deliver_to_all(mail);
    return mail;
}

std::string Ses::sending_domain(const Request&, const Mail& mail) const { return domain_of(mail.sender); }

Reply Ses::refusal(const Fault& fault) const {
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            if (why_unauthorized_.status == 403) return std::exchange(why_unauthorized_, {});
            return error(403, "UnrecognizedClientException",
                         "The security token included in the request is invalid.");
        case Fault::Kind::unverified_domain:
            if (fault.form == "mail_from")
                return error(400, "MailFromDomainNotVerifiedException",
                             "The MAIL FROM domain is not verified.");
            return error(400, "MessageRejected",
                         "Email address is not verified. The following identities failed the check "
                         "in region EU-WEST-1: " +
                             (fault.words.empty() ? "ann@example.com" : fault.words));
        case Fault::Kind::suspended:
            if (fault.form == "paused")
                return error(400, "SendingPausedException", "Email sending is paused for this account.");
            return error(400, "AccountSuspendedException", "Your account is suspended.");
        case Fault::Kind::quota:
            return error(400, "LimitExceededException", "Daily message quota exceeded.");
        case Fault::Kind::rate_limited: {
            const bool old = fault.form == "throttling";
            Reply reply = error(old ? 400 : 429, old ? "ThrottlingException" : "TooManyRequestsException",
                                "Maximum sending rate exceeded.");
            tell_delay(reply, fault, "plain");
            return reply;
        }
        case Fault::Kind::too_large:
            return error(413, "RequestEntityTooLargeException", "Request too large");
        case Fault::Kind::bad_message:
            return error(400, "MessageRejected", fault.words.empty() ? "Bad content" : fault.words);
        case Fault::Kind::unavailable:
            return error(503, "ServiceUnavailableException", "Service Unavailable");
        default:
            return error(500, "InternalServerErrorException", "Internal Server Error");
    }
}

Reply Ses::accepted(const Mail& mail) const { return json_reply(200, {{"MessageId", mail.id}}); }

}  // namespace mailrota::fakes
