#include <algorithm>
#include <set>

#include "tests/fakes/header_block.h"
#include "tests/fakes/postmark.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

constexpr std::size_t most_body = 5'000'000;
constexpr std::size_t most_recipients = 50;
constexpr int invalid_request = 300;

const Shape& message_shape() {
    const Shape words = nullable(text());
    static const Shape shape = object(
        {{"From", text(1, 255), required},
         {"To", words},
         {"Cc", words},
         {"Bcc", words},
         {"Subject", nullable(text(0, 2000))},
         {"Tag", nullable(text(0, 1000))},
         {"HtmlBody", words},
         {"TextBody", words},
         {"ReplyTo", words},
         {"Headers", nullable(list(object({{"Name", text(1), required}, {"Value", text(), required}})))},
         {"TrackOpens", nullable(boolean())},
         {"TrackLinks", nullable(word({"None", "HtmlAndText", "HtmlOnly", "TextOnly"}))},
         {"Metadata", nullable(object_of(text()))},
         {"Attachments", nullable(list(object({{"Name", text(1), required},
                                               {"Content", text(), required},
                                               {"ContentType", text(1), required},
                                               {"ContentID", nullable(text())}})))},
         {"MessageStream", words}});
    return shape;
}

std::optional<Reply> check_addresses(const json::object& message) {
    std::size_t count = 0;
    for (const char* name : {"From", "To", "Cc", "Bcc"}) {
        for (const auto& one : split_mailboxes(text_at(message, name))) {
            if (!is_address(bare_address(one)) || !is_ascii(bare_address(one)))
                return postmark_error(
                    422, invalid_request,
                    std::string("Invalid '") + name + "' address: '" + bare_address(one) + "'.");
            if (std::string_view(name) != "From") ++count;
        }
    }
    if (count == 0) return postmark_error(422, invalid_request, "Zero recipients specified");
    if (count > most_recipients)
        return postmark_error(422, invalid_request,
                              "Too many recipients: at most 50 in 'To', 'Cc' and 'Bcc' together.");
    return {};
}

/// Metadata has at most ten names of 20 characters and values of 80.
std::optional<Reply> check_metadata(const json::object& message) {
    const auto* metadata = message.if_contains("Metadata");
    if (!metadata || !metadata->is_object()) return {};
    bool right = metadata->get_object().size() <= 10;
    for (const auto& [name, value] : metadata->get_object())
        right = right && name.size() <= 20 && value.get_string().size() <= 80;
    if (right) return {};
    return postmark_error(422, invalid_request, "Invalid metadata content.");
}

std::optional<Reply> check_headers(const json::object& message) {
    static const std::set<std::string> reserved = {
        "from",         "to",       "cc",           "bcc",
        "subject",      "reply-to", "content-type", "content-transfer-encoding",
        "mime-version", "received", "return-path"};
    const auto* headers = message.if_contains("Headers");
    if (!headers || !headers->is_array()) return {};
    for (const auto& entry : headers->get_array()) {
        const auto name = text_at(entry.get_object(), "Name");
        const auto value = text_at(entry.get_object(), "Value");
        const bool broken = !is_ascii(name) || name.find_first_of(" :\r\n") != std::string::npos ||
                            value.find_first_of("\r\n") != std::string::npos;
        if (broken || reserved.contains(small_letters(name)))
            return postmark_error(422, invalid_request, "Header '" + name + "' not allowed.");
    }
    return {};
}

std::optional<Reply> check_attachments(const json::object& message) {
    static const std::set<std::string> forbidden = {"exe", "bat", "bin", "cmd", "com", "cpl",
                                                    "js",  "jse", "msi", "pif", "reg", "scr",
                                                    "vbs", "vbe", "wsf", "hta", "lnk", "jar"};
    const auto* attachments = message.if_contains("Attachments");
    if (!attachments || !attachments->is_array()) return {};
    for (const auto& entry : attachments->get_array()) {
        const auto name = text_at(entry.get_object(), "Name");
        if (!from_base64(text_at(entry.get_object(), "Content")))
            return postmark_error(422, invalid_request, "Attachment '" + name + "' is not base64.");
        if (forbidden.contains(small_letters(name.substr(std::min(name.rfind('.'), name.size() - 1) + 1))))
            return postmark_error(422, invalid_request,
                                  "Forbidden file extension of attachment '" + name + "'.");
    }
    return {};
}

std::optional<Reply> check_bodies(const json::object& message) {
    const auto text = text_at(message, "TextBody");
    const auto html = text_at(message, "HtmlBody");
    if (text.empty() && html.empty())
        return postmark_error(422, invalid_request, "Provide either email TextBody or HtmlBody or both.");
    if (text.size() > most_body || html.size() > most_body)
        return postmark_error(422, invalid_request, "TextBody and HtmlBody must be at most 5 MB each.");
    return {};
}

}  // namespace

Reply postmark_error(int status, int code, const std::string& words) {
    return json_reply(status, {{"ErrorCode", code}, {"Message", words}});
}

std::optional<Reply> check_postmark(const json::value& message) {
    if (const auto breach = check(message, message_shape())) {
        const int code = breach->kind == Breach::Kind::type || breach->kind == Breach::Kind::unknown
                             ? 402
                             : invalid_request;
        return postmark_error(422, code, "Invalid JSON: '" + breach->path + "' " + breach->what + ".");
    }
    for (const auto& test : {check_addresses, check_metadata, check_headers, check_attachments, check_bodies})
        if (auto refused = test(message.get_object())) return refused;
    return {};
}

}  // namespace mailrota::fakes
