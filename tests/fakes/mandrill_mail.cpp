#include "tests/fakes/mandrill_mail.h"

#include <set>

#include "tests/fakes/exchange.h"
#include "tests/fakes/header_block.h"
#include "tests/fakes/mime.h"
#include "tests/fakes/provider.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

Shape file_shape() { return object({{"type", text()}, {"name", text()}, {"content", text()}}); }
Shape variables_shape() { return list(object({{"name", text()}, {"content", anything()}})); }

Shape message_shape() {
    const Shape flag = nullable(boolean());
    const Shape words = nullable(text());
    const Shape person = object({{"email", address_text(), required},
                                 {"name", words},
                                 {"type", nullable(word({"to", "cc", "bcc"}))}});
    std::vector<ShapeField> fields = {
        {"to", list(person, 1), required},
        {"subject", nullable(text(0, 998))},
        {"from_email", nullable(address_text())},
        {"headers", nullable(object_of(anything()))},
        {"merge_language", nullable(word({"mailchimp", "handlebars"}))},
        {"bcc_address", nullable(address_text())},
        {"global_merge_vars", variables_shape()},
        {"merge_vars", list(object({{"rcpt", address_text()}, {"vars", variables_shape()}}))},
        {"tags", list(text())},
        {"google_analytics_domains", list(text())},
        {"google_analytics_campaign", anything()},
        {"metadata", nullable(object_of(anything()))},
        {"recipient_metadata", list(object({{"rcpt", text()}, {"values", object_of(anything())}}))},
        {"attachments", list(file_shape())},
        {"images", list(file_shape())}};
    for (const char* name :
         {"important", "track_opens", "track_clicks", "auto_text", "auto_html", "inline_css", "url_strip_qs",
          "preserve_recipients", "view_content_link", "merge"})
        fields.push_back({name, flag});
    for (const char* name : {"html", "text", "from_name", "tracking_domain", "signing_domain",
                             "return_path_domain", "subaccount"})
        fields.push_back({name, words});
    return object(std::move(fields));
}

std::vector<std::string> header_recipients(const HeaderBlock& header) {
    std::vector<std::string> all;
    for (const char* name : {"To", "Cc", "Bcc"})
        for (const auto& one : split_mailboxes(header.value(name).value_or("")))
            all.push_back(bare_address(one));
    return all;
}

/// One delivery a recipient, each with an id and, unless recipients are preserved, a header of its own.
void deliver(Mail& mail, const HeaderBlock& header, bool preserve) {
    std::set<std::string> seen;
    for (const auto& recipient : mail.to) {
        if (!seen.insert(small_letters(recipient)).second) continue;
        std::string content;
        if (!preserve) {
            HeaderBlock own = header;
            own.remove("Cc");
            own.set("To", recipient);
            content = own.mail();
        }
        mail.deliveries.push_back({recipient, random_hex(32), std::move(content)});
    }
}

void add_files(const json::object& message, const char* list, bool images, Composition& parts) {
    const auto* files = message.if_contains(list);
    if (!files) return;
    for (const auto& entry : files->as_array()) {
        const auto& file = entry.as_object();
        parts.attachments.push_back({images ? "" : text_at(file, "name"), text_at(file, "type"),
                                     from_base64(text_at(file, "content")).value_or(""),
                                     images ? text_at(file, "name") : "", images});
    }
}

}  // namespace

const Shape& mandrill_raw_shape() {
    static const Shape shape = object({{"key", text(), required},
                                       {"raw_message", text(1), required},
                                       {"from_email", nullable(address_text())},
                                       {"from_name", nullable(text())},
                                       {"to", list(address_text())},
                                       {"async", nullable(boolean())},
                                       {"ip_pool", text()},
                                       {"send_at", text()},
                                       {"return_path_domain", nullable(text())}});
    return shape;
}

const Shape& mandrill_message_shape() {
    static const Shape shape = object({{"key", text(), required},
                                       {"message", message_shape(), required},
                                       {"async", nullable(boolean())},
                                       {"ip_pool", text()},
                                       {"send_at", text()}});
    return shape;
}

const Shape& mandrill_search_shape() {
    static const Shape shape = object({{"key", text(), required},
                                       {"query", text()},
                                       {"date_from", nullable(text(10, 10))},
                                       {"date_to", nullable(text(10, 10))},
                                       {"tags", nullable(list(text()))},
                                       {"senders", nullable(list(address_text()))},
                                       {"api_keys", nullable(list(text()))},
                                       {"limit", integer()}});
    return shape;
}

Mail mandrill_raw_mail(const json::object& call) {
    Mail mail;
    mail.id = random_hex(32);
    mail.given = text_at(call, "raw_message");
    read_header(mail, mail.given);
    if (const auto from = text_at(call, "from_email"); !from.empty()) mail.sender = from;
    HeaderBlock header(mail.given);
    if (const auto* to = call.if_contains("to"); to && to->is_array())
        for (const auto& recipient : to->get_array()) mail.to.emplace_back(recipient.as_string());
    else
        mail.to = header_recipients(header);
    if (const auto copy = header.value("X-MC-BccAddress")) mail.to.push_back(*copy);
    const auto metadata = parse_json(header.value("X-MC-Metadata").value_or("null"));
    if (metadata && metadata->is_object()) mail.our_id = text_at(metadata->get_object(), "mailrota_id");
    for (const char* name : {"X-MC-Track", "X-MC-Tags", "X-MC-Subaccount", "X-MC-Metadata", "X-MC-Template"})
        if (const auto value = header.value(name)) mail.extras[name] = *value;
    const bool preserve = small_letters(header.value("X-MC-PreserveRecipients").value_or("")) == "true";
    header.remove_if([](const std::string& name) { return name.starts_with("x-mc-") || name == "bcc"; });
    mail.content = header.mail();
    deliver(mail, header, preserve);
    return mail;
}

Mail mandrill_composed_mail(const json::object& call) {
    const auto& message = call.at("message").as_object();
    Mail mail;
    mail.id = random_hex(32);
    mail.sender = text_at(message, "from_email");
    mail.subject = text_at(message, "subject");
    Composition parts;
    parts.headers = {{"From", mailbox(text_at(message, "from_name"), mail.sender)},
                     {"Subject", mail.subject}};
    for (const auto& entry : message.at("to").as_array()) {
        const auto& person = entry.as_object();
        const auto address = text_at(person, "email");
        const auto type = text_at(person, "type");
        mail.to.push_back(address);
        if (type != "bcc")
            parts.headers.emplace_back(type == "cc" ? "Cc" : "To", mailbox(text_at(person, "name"), address));
    }
    if (const auto* headers = message.if_contains("headers"); headers && headers->is_object())
        for (const auto& [name, value] : headers->get_object())
            if (value.is_string()) parts.headers.emplace_back(name, value.get_string());
    if (const auto body = text_at(message, "text"); !body.empty()) parts.text = body;
    if (const auto body = text_at(message, "html"); !body.empty()) parts.html = body;
    add_files(message, "attachments", false, parts);
    add_files(message, "images", true, parts);
    if (const auto* metadata = message.if_contains("metadata"); metadata && metadata->is_object())
        mail.our_id = text_at(metadata->get_object(), "mailrota_id");
    mail.content = compose(parts);
    deliver(mail, HeaderBlock(mail.content), true);
    return mail;
}

}  // namespace mailrota::fakes
