#include <algorithm>
#include <map>

#include "tests/fakes/header_block.h"
#include "tests/fakes/mime.h"
#include "tests/fakes/resend.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_recipients = 50;

Shape addresses_shape() { return either(list(text(1), 1, most_recipients), text(1)); }

const Shape& call_shape() {
    static const Shape shape =
        object({{"from", text(1), required},
                {"to", addresses_shape(), required},
                {"subject", text(), required},
                {"bcc", addresses_shape()},
                {"cc", addresses_shape()},
                {"reply_to", addresses_shape()},
                {"scheduled_at", text()},
                {"html", text()},
                {"text", text()},
                {"headers", object_of(text())},
                {"topic_id", text()},
                {"tags", list(object({{"name", text(1, 256), required}, {"value", text(1, 256), required}}))},
                {"attachments", list(object({{"content", text()},
                                             {"filename", text()},
                                             {"path", text()},
                                             {"content_type", text()},
                                             {"content_id", text(0, 127)}}))}});
    return shape;
}

/// A string, or the strings of an array.
std::vector<std::string> texts_at(const json::object& call, const char* name) {
    const auto* value = call.if_contains(name);
    if (!value) return {};
    if (value->is_string()) return {std::string(value->get_string())};
    std::vector<std::string> texts;
    for (const auto& text : value->as_array()) texts.emplace_back(text.as_string());
    return texts;
}

Reply invalid(const std::string& words) { return resend_error(422, "validation_error", words); }

std::optional<Reply> check_addresses(const json::object& call) {
    for (const char* name : {"from", "to", "cc", "bcc", "reply_to"}) {
        const auto texts = texts_at(call, name);
        if (texts.size() > most_recipients)
            return invalid(std::string("Too many addresses in `") + name + "`.");
        for (const auto& text : texts)
            if (!is_address(bare_address(text)) || !is_ascii(bare_address(text)))
                return invalid(std::string("Invalid `") + name +
                               "` field. The email address needs to follow the `email@example.com` or `Name "
                               "<email@example.com>` format.");
    }
    return {};
}

std::optional<Reply> check_tags(const json::object& call) {
    const auto* tags = call.if_contains("tags");
    if (!tags) return {};
    for (const auto& tag : tags->get_array())
        for (const char* name : {"name", "value"}) {
            const auto text = text_at(tag.get_object(), name);
            const bool right = std::ranges::all_of(
                text, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
            if (!right)
                return invalid("Tags should only contain ASCII letters, numbers, underscores, or dashes.");
        }
    return {};
}

std::optional<Reply> check_content(const json::object& call) {
    if (!call.contains("text") && !call.contains("html")) return invalid("Missing `html` or `text` field.");
    if (const auto* headers = call.if_contains("headers"))
        for (const auto& [name, value] : headers->get_object())
            if ((std::string(name) + std::string(value.get_string())).find_first_of("\r\n") !=
                std::string::npos)
                return invalid("Invalid header.");
    if (const auto* attachments = call.if_contains("attachments"))
        for (const auto& attachment : attachments->get_array())
            if (!from_base64(text_at(attachment.get_object(), "content")))
                return invalid("Invalid attachment content.");
    return {};
}

/// Whether an attachment's name and type fit; either may be missing.
bool fits(const std::string& name, const std::string& type) {
    static const std::map<std::string, std::string> types = {
        {"pdf", "application/pdf"}, {"png", "image/png"}, {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},     {"gif", "image/gif"}, {"txt", "text/plain"},
        {"html", "text/html"},      {"csv", "text/csv"},  {"zip", "application/zip"}};
    const auto dot = name.rfind('.');
    const auto found =
        dot == std::string::npos ? types.end() : types.find(small_letters(name.substr(dot + 1)));
    if (type.empty() || found == types.end()) return true;
    return small_letters(type).starts_with(found->second);
}

bool add_attachments(const json::object& call, Composition& parts) {
    bool all_fit = true;
    const auto* attachments = call.if_contains("attachments");
    if (!attachments) return true;
    for (const auto& entry : attachments->as_array()) {
        const auto& attachment = entry.as_object();
        const auto name = text_at(attachment, "filename");
        const auto type = text_at(attachment, "content_type");
        const auto id = text_at(attachment, "content_id");
        all_fit = all_fit && fits(name, type);
        parts.attachments.push_back({name, type.empty() ? "application/octet-stream" : type,
                                     from_base64(text_at(attachment, "content")).value_or(""), id,
                                     !id.empty()});
    }
    return all_fit;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string text;
    for (const auto& one : texts) text += (text.empty() ? "" : ",\r\n ") + mailboxes(one);
    return text;
}

}  // namespace

std::optional<Reply> check_resend(const json::value& call) {
    if (const auto breach = check(call, call_shape())) {
        if (breach->kind == Breach::Kind::missing)
            return resend_error(422, "missing_required_field", "Missing `" + breach->path + "` field.");
        return invalid("`" + breach->path + "` " + breach->what + ".");
    }
    for (const auto& test : {check_addresses, check_tags, check_content})
        if (auto refused = test(call.get_object())) return refused;
    return {};
}

Mail resend_mail(const json::object& call) {
    Mail mail;
    Composition parts;
    mail.id = random_uuid();
    mail.sender = bare_address(text_at(call, "from"));
    mail.subject = text_at(call, "subject");
    parts.headers.emplace_back("From", mailboxes(text_at(call, "from")));
    for (const char* name : {"to", "cc", "bcc"})
        for (const auto& one : texts_at(call, name)) mail.to.push_back(bare_address(one));
    parts.headers.emplace_back("To", joined(texts_at(call, "to")));
    if (const auto cc = joined(texts_at(call, "cc")); !cc.empty()) parts.headers.emplace_back("Cc", cc);
    if (const auto reply = joined(texts_at(call, "reply_to")); !reply.empty())
        parts.headers.emplace_back("Reply-To", reply);
    parts.headers.emplace_back("Subject", mail.subject);
    if (const auto* headers = call.if_contains("headers"))
        for (const auto& [name, value] : headers->as_object())
            parts.headers.emplace_back(name, value.as_string());
    if (const auto body = text_at(call, "text"); !body.empty()) parts.text = body;
    if (const auto body = text_at(call, "html"); !body.empty()) parts.html = body;
    const bool all_fit = add_attachments(call, parts);
    if (const auto* tags = call.if_contains("tags")) {
        mail.extras["tags"] = *tags;
        for (const auto& tag : tags->as_array())
            if (text_at(tag.as_object(), "name") == "mailrota_id")
                mail.our_id = text_at(tag.as_object(), "value");
    }
    mail.content = compose(parts);
    if (all_fit) deliver_to_all(mail);
    return mail;
}

}  // namespace mailrota::fakes
