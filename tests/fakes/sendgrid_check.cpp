#include "tests/fakes/sendgrid_check.h"

#include <boost/json/serialize.hpp>
#include <set>

#include "tests/fakes/shape.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_recipients = 1000;
constexpr std::size_t most_custom_args = 10'000;

Shape mailbox_shape() { return object({{"email", address_text(), required}, {"name", text()}}); }
Shape switch_shape(std::vector<ShapeField> more = {}) {
    more.push_back({"enable", boolean()});
    return object(std::move(more));
}

Shape personalization_shape() {
    const auto people = [](std::size_t least) { return list(mailbox_shape(), least, most_recipients); };
    return object({{"from", mailbox_shape()},
                   {"to", people(1), required},
                   {"cc", people(1)},
                   {"bcc", people(1)},
                   {"subject", text(1)},
                   {"headers", object_of(text())},
                   {"substitutions", object_of(text())},
                   {"dynamic_template_data", object_of(anything())},
                   {"custom_args", object_of(text())},
                   {"send_at", integer()}});
}

Shape settings_shape() {
    return object({{"bypass_list_management", switch_shape()},
                   {"bypass_spam_management", switch_shape()},
                   {"bypass_bounce_management", switch_shape()},
                   {"bypass_unsubscribe_management", switch_shape()},
                   {"footer", switch_shape({{"text", text()}, {"html", text()}})},
                   {"sandbox_mode", switch_shape()}});
}

Shape tracking_shape() {
    return object({{"click_tracking", switch_shape({{"enable_text", boolean()}})},
                   {"open_tracking", switch_shape({{"substitution_tag", nullable(text())}})},
                   {"subscription_tracking",
                    switch_shape({{"text", text()}, {"html", text()}, {"substitution_tag", text()}})},
                   {"ganalytics", switch_shape({{"utm_source", text()},
                                                {"utm_medium", text()},
                                                {"utm_term", text()},
                                                {"utm_content", text()},
                                                {"utm_campaign", text()}})}});
}

const Shape& mail_shape() {
    static const Shape shape = object(
        {{"personalizations", list(personalization_shape(), 1, 1000), required},
         {"from", mailbox_shape(), required},
         {"reply_to", mailbox_shape()},
         {"reply_to_list", list(mailbox_shape(), 0, 1000)},
         {"subject", text(1)},
         {"content", list(object({{"type", text(1), required}, {"value", text(1), required}}), 1)},
         {"attachments", list(object({{"content", text(1), required},
                                      {"type", text(1)},
                                      {"filename", text(), required},
                                      {"disposition", word({"inline", "attachment"})},
                                      {"content_id", text()}}))},
         {"template_id", text()},
         {"headers", object_of(text())},
         {"categories", list(text(0, 255), 0, 10)},
         {"custom_args", object_of(text())},
         {"send_at", integer()},
         {"batch_id", text()},
         {"asm", object({{"group_id", integer(), required}, {"groups_to_display", list(integer(), 0, 25)}})},
         {"ip_pool_name", text(2, 64)},
         {"mail_settings", settings_shape()},
         {"tracking_settings", tracking_shape()}});
    return shape;
}

std::optional<Reply> check_recipients(const json::object& call) {
    std::size_t count = 0;
    std::size_t index = 0;
    for (const auto& entry : call.at("personalizations").get_array()) {
        const std::string path = "personalizations." + std::to_string(index++);
        std::set<std::string> seen;
        for (const char* list : {"to", "cc", "bcc"}) {
            const auto* people = entry.get_object().if_contains(list);
            if (!people) continue;
            count += people->get_array().size();
            for (const auto& person : people->get_array())
                if (!seen.insert(small_letters(text_at(person.get_object(), "email"))).second)
                    return sendgrid_error(
                        400,
                        "Each email address in the personalization block should be unique between to, "
                        "cc, and bcc. We found the first duplicate instance of [" +
                            text_at(person.get_object(), "email") + "] in the " + path + "." + list +
                            " field.",
                        path);
        }
    }
    if (count > most_recipients)
        return sendgrid_error(400, "The total number of recipients must be no more than 1000.",
                              "personalizations");
    return {};
}

std::optional<Reply> check_headers(const json::object& call) {
    static const std::set<std::string> reserved = {
        "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding",
        "to",      "from",     "subject",  "reply-to",       "cc",           "bcc"};
    const auto* headers = call.if_contains("headers");
    if (!headers) return {};
    for (const auto& [name, value] : headers->get_object()) {
        const std::string field = "headers." + std::string(name);
        if (reserved.contains(small_letters(std::string(name))))
            return sendgrid_error(
                400, "The headers parameter may not contain the reserved key " + std::string(name) + ".",
                field);
        const std::string whole = std::string(name) + std::string(value.get_string());
        if (!is_ascii(std::string(name)) || whole.find_first_of("\r\n") != std::string::npos)
            return sendgrid_error(400, "The header is not valid.", field);
    }
    return {};
}

std::optional<Reply> check_content(const json::object& call) {
    if (!call.contains("content") && !call.contains("template_id"))
        return sendgrid_error(
            400, "Unless a valid template_id is provided, the content parameter is required.", "content");
    bool html = false;
    bool other = false;
    if (const auto* content = call.if_contains("content")) {
        for (const auto& part : content->get_array()) {
            const auto type = text_at(part.get_object(), "type");
            if (type == "text/plain" && (html || other))
                return sendgrid_error(
                    400,
                    "If present, text/plain and text/html may only be provided once, text/plain first, "
                    "followed by text/html, then other content.",
                    "content");
            if (type == "text/html" && other)
                return sendgrid_error(400, "The text/html content must precede other content.", "content");
            html = html || type == "text/html";
            other = other || (type != "text/html" && type != "text/plain");
        }
    }
    if (const auto* attachments = call.if_contains("attachments"))
        for (std::size_t i = 0; i < attachments->get_array().size(); ++i)
            if (!from_base64(text_at(attachments->get_array()[i].get_object(), "content")))
                return sendgrid_error(400, "The attachment content must be base64 encoded.",
                                      "attachments." + std::to_string(i) + ".content");
    return {};
}

std::optional<Reply> check_rest(const json::object& call) {
    if (const auto* args = call.if_contains("custom_args");
        args && json::serialize(*args).size() > most_custom_args)
        return sendgrid_error(400, "The total custom args must be less than 10000 bytes.", "custom_args");
    if (call.contains("reply_to") && call.contains("reply_to_list"))
        return sendgrid_error(400, "Both reply_to and reply_to_list are set.", "reply_to_list");
    bool subject = call.contains("subject");
    for (const auto& entry : call.at("personalizations").get_array())
        subject = subject || entry.get_object().contains("subject");
    if (!subject && !call.contains("template_id"))
        return sendgrid_error(
            400,
            "The subject is required. You can get around this requirement if you use a template with a "
            "subject defined or if every personalization has a subject defined.",
            "subject");
    return {};
}

}  // namespace

Reply sendgrid_error(int status, const std::string& message, const std::string& field) {
    return json_reply(
        status, {{"errors", json::array{{{"message", message},
                                         {"field", field.empty() ? json::value(nullptr) : json::value(field)},
                                         {"help", nullptr}}}}});
}

std::optional<Reply> check_sendgrid(const json::value& call) {
    if (const auto breach = check(call, mail_shape()))
        return sendgrid_error(400, "The " + breach->path + " parameter " + breach->what + ".", breach->path);
    for (const auto& test : {check_recipients, check_headers, check_content, check_rest})
        if (auto refused = test(call.get_object())) return refused;
    return {};
}

}  // namespace mailrota::fakes
