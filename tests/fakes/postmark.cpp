#include "tests/fakes/postmark.h"

#include <algorithm>
#include <cstdlib>

#include "tests/fakes/header_block.h"
#include "tests/fakes/mime.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 10'000'000;

void add_attachments(const json::object& message, Composition& parts) {
    const auto* attachments = message.if_contains("Attachments");
    if (!attachments || !attachments->is_array()) return;
    for (const auto& entry : attachments->get_array()) {
        const auto& attachment = entry.as_object();
        std::string id = text_at(attachment, "ContentID");
        if (id.starts_with("cid:")) id.erase(0, 4);
        parts.attachments.push_back({text_at(attachment, "Name"), text_at(attachment, "ContentType"),
                                     from_base64(text_at(attachment, "Content")).value_or(""), id,
                                     !id.empty()});
    }
}

/// A Message-ID stays only where the call says X-PM-KeepID, which does not go out.
void keep_or_replace_id(const std::string& id, Fields& headers) {
    const bool keep = small_letters(find_field(headers, "X-PM-KeepID").value_or("")) == "true" &&
                      find_field(headers, "Message-ID");
    std::erase_if(headers, [&](const auto& field) {
        const auto name = small_letters(field.first);
        return name.starts_with("x-pm-") || (name == "message-id" && !keep);
    });
    if (!keep) headers.emplace_back("Message-ID", "<" + id + "@mtasv.net>");
}

Mail mail_of(const json::object& message) {
    Mail mail;
    Composition parts;
    mail.id = random_uuid();
    mail.sender = bare_address(text_at(message, "From"));
    mail.subject = text_at(message, "Subject");
    parts.headers.emplace_back("From", mailboxes(text_at(message, "From")));
    for (const char* name : {"To", "Cc", "Bcc"}) {
        const auto value = text_at(message, name);
        for (const auto& one : split_mailboxes(value)) mail.to.push_back(bare_address(one));
        if (!value.empty() && std::string_view(name) != "Bcc")
            parts.headers.emplace_back(name, mailboxes(value));
    }
    parts.headers.emplace_back("Subject", mail.subject);
    if (const auto reply_to = text_at(message, "ReplyTo"); !reply_to.empty())
        parts.headers.emplace_back("Reply-To", mailboxes(reply_to));
    if (const auto* headers = message.if_contains("Headers"); headers && headers->is_array())
        for (const auto& entry : headers->get_array())
            parts.headers.emplace_back(text_at(entry.as_object(), "Name"),
                                       text_at(entry.as_object(), "Value"));
    if (const auto body = text_at(message, "TextBody"); !body.empty()) parts.text = body;
    if (const auto body = text_at(message, "HtmlBody"); !body.empty()) parts.html = body;
    add_attachments(message, parts);
    if (const auto* metadata = message.if_contains("Metadata"); metadata && metadata->is_object())
        mail.our_id = text_at(metadata->get_object(), "mailrota_id");
    for (const char* name : {"Tag", "TrackOpens", "TrackLinks", "Metadata", "MessageStream"})
        if (const auto* value = message.if_contains(name)) mail.extras[name] = *value;
    keep_or_replace_id(mail.id, parts.headers);
    mail.content = compose(parts);
    deliver_to_all(mail);
    return mail;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& one : words) text += (text.empty() ? "" : ", ") + small_letters(one);
    return text;
}

}  // namespace

Postmark::Postmark(PostOffice& office, Faults& faults) : Provider("postmark", office, faults) {
    account().webhook_user = "postmark";
    account().webhook_password = "postmark-hook";
}

bool Postmark::is_sending(const Request& request) const { return request.path == "/email"; }

std::optional<Reply> Postmark::route(const Request& request) const {
    if (is_sending(request) && request.method != "POST") return postmark_error(405, 0, "Method not allowed");
    if (request.header("Accept").find("json") == std::string::npos)
        return postmark_error(415, 0, "Accept must be application/json");
    return {};
}

bool Postmark::is_authorized(const Request& request) const {
    return request.header("X-Postmark-Server-Token") == account().key;
}

Reply Postmark::look(const Request& request) {
    if (request.path == "/server" && request.method == "GET")
        return json_reply(200, {{"ID", 1},
                                {"Name", "Example"},
                                {"ApiTokens", json::array{}},
                                {"DeliveryType", "Live"},
                                {"SmtpApiActivated", true}});
    if (request.path == "/messages/outbound" && request.method == "GET") return outbound(request);
    return text_reply(404, "Not found", "text/html");
}

Reply Postmark::outbound(const Request& request) const {
    const auto count = find_field(request.query, "count");
    if (!count || !find_field(request.query, "offset"))
        return postmark_error(422, 600, "You need to supply count and offset parameters.");
    const auto wanted = find_field(request.query, "metadata_mailrota_id");
    json::array messages;
    for (const auto& mail : listed()) {
        if (wanted && mail->our_id != *wanted) continue;
        json::array recipients(mail->to.begin(), mail->to.end());
        messages.push_back({{"MessageID", mail->id},
                            {"MessageStream", "outbound"},
                            {"Recipients", recipients},
                            {"From", mail->sender},
                            {"Subject", mail->subject},
                            {"ReceivedAt", iso_date(mail->at)},
                            {"Status", "Sent"},
                            {"Attachments", json::array{}},
                            {"TrackOpens", false},
                            {"TrackLinks", "None"},
                            {"Metadata", {{"mailrota_id", mail->our_id}}}});
    }
    const auto total = messages.size();
    messages.resize(std::min<std::size_t>(total, std::strtoul(count->c_str(), nullptr, 10)));
    return json_reply(200, {{"TotalCount", total}, {"Messages", messages}});
}

Provider::Draft Postmark::read(const Request& request) {
    if (!small_letters(request.header("Content-Type")).starts_with("application/json"))
        return postmark_error(415, 0, "Content-Type must be application/json");
    if (request.body.size() > most_bytes)
        return postmark_error(413, 0, "The request payload is too large; the limit is 10 MB.");
    const auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object()) return postmark_error(422, 402, "Invalid JSON");
    if (account().check)
        if (auto refused = check_postmark(*parsed)) return *std::move(refused);
    return mail_of(parsed->get_object());
}

Reply Postmark::refusal(const Fault& fault) const {
    switch (fault.kind) {
        case Fault::Kind::wrong_key:
            return postmark_error(401, 10, "Request does not contain a valid Server token.");
        case Fault::Kind::unverified_domain:
            return postmark_error(
                422, 400,
                "The 'From' address you supplied (ann@" +
                    (fault.words.empty() ? "example.com" : fault.words) +
                    ") is not a Sender Signature on your account. Please add and confirm this address in "
                    "order to be able to use it in the 'From' field of your messages.");
        case Fault::Kind::suspended:
            return postmark_error(
                422, 413, "You tried to send from an account that may not send. Please contact support.");
        case Fault::Kind::quota:
            return postmark_error(422, 405, "Not allowed to send: you ran out of credits.");
        case Fault::Kind::rate_limited: {
            Reply reply = postmark_error(429, 100, "Rate limit exceeded.");
            tell_delay(reply, fault, "plain");
            return reply;
        }
        case Fault::Kind::too_large:
            return postmark_error(413, 0, "The request payload is too large; the limit is 10 MB.");
        case Fault::Kind::bad_message:
            return postmark_error(422, 300, fault.words.empty() ? "Invalid email request" : fault.words);
        case Fault::Kind::unavailable:
            return postmark_error(503, 100, "Maintenance. The API is offline.");
        default:
            return postmark_error(500, 0, "Internal Server Error");
    }
}

std::optional<Reply> Postmark::turn_down(const Mail& mail, const std::vector<std::string>& bad,
                                         const std::vector<std::string>& suppressed) const {
    if (!bad.empty()) return postmark_error(422, 300, "Invalid 'To' address: '" + bad.front() + "'.");
    if (suppressed.size() < mail.to.size()) return {};
    return postmark_error(
        422, 406,
        "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: " +
            joined(suppressed) +
            ". Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual "
            "suppression.");
}

Reply Postmark::accepted(const Mail& mail) const {
    std::vector<std::string> inactive;
    std::ranges::copy_if(mail.to, std::back_inserter(inactive),
                         [this](const std::string& one) { return is_suppressed(one); });
    const std::string words =
        inactive.empty()
            ? "OK"
            : "Message OK, but will not deliver to these inactive addresses: " + joined(inactive);
    return json_reply(200, {{"To", joined(mail.to)},
                            {"SubmittedAt", iso_date(current_second())},
                            {"MessageID", mail.id},
                            {"ErrorCode", 0},
                            {"Message", words}});
}

}  // namespace mailrota::fakes
