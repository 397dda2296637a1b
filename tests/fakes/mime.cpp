#include "tests/fakes/mime.h"

#include <algorithm>

#include "tests/fakes/header_block.h"

namespace mailrota::fakes {

namespace {

/// Content-* fields, an empty line and the body.
using Entity = std::string;

Entity leaf(const std::string& fields, std::string_view content) {
    return fields + "Content-Transfer-Encoding: base64\r\n\r\n" + to_base64(content, 76);
}

Entity text_leaf(const std::string& type, std::string_view content) {
    return leaf("Content-Type: " + type + "; charset=utf-8\r\n", content);
}

std::string name_parameter(const std::string& parameter, const std::string& name) {
    if (name.empty()) return "";
    if (!is_ascii(name)) return ";\r\n " + parameter + "*=utf-8''" + percent_encoded(name);
    std::string quoted;
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return ";\r\n " + parameter + "=\"" + quoted + "\"";
}

Entity attachment_leaf(const Composition::Attachment& attachment) {
    std::string fields = "Content-Type: " + attachment.type + "\r\nContent-Disposition: ";
    fields += attachment.in_line ? "inline" : "attachment";
    fields += name_parameter("filename", attachment.name) + "\r\n";
    if (!attachment.content_id.empty()) fields += "Content-ID: <" + attachment.content_id + ">\r\n";
    return leaf(fields, attachment.content);
}

Entity multipart(const std::string& kind, const std::vector<Entity>& parts) {
    const std::string boundary = "=_" + random_hex(24);
    Entity whole = "Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n\r\n";
    for (const auto& part : parts) whole += "--" + boundary + "\r\n" + part + "\r\n";
    return whole + "--" + boundary + "--\r\n";
}

Entity joined(const std::string& kind, const std::vector<Entity>& parts) {
    return parts.size() == 1 ? parts.front() : multipart(kind, parts);
}

Entity content_of(const Composition& composition) {
    std::vector<Entity> alternatives;
    if (composition.text) alternatives.push_back(text_leaf("text/plain", *composition.text));
    std::vector<Entity> related;
    std::vector<Entity> mixed;
    if (composition.html) related.push_back(text_leaf("text/html", *composition.html));
    for (const auto& attachment : composition.attachments) {
        const bool belongs = attachment.in_line && composition.html;
        (belongs ? related : mixed).push_back(attachment_leaf(attachment));
    }
    if (!related.empty()) alternatives.push_back(joined("related", related));
    for (const auto& [type, content] : composition.others) alternatives.push_back(text_leaf(type, content));
    if (!alternatives.empty()) mixed.insert(mixed.begin(), joined("alternative", alternatives));
    if (mixed.empty()) mixed.push_back(text_leaf("text/plain", ""));
    return joined("mixed", mixed);
}

}  // namespace

std::string encoded_words(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    constexpr std::size_t bytes_of_word = 42;
    std::string words;
    while (!text.empty()) {
        std::size_t size = std::min(bytes_of_word, text.size());
        while (size < text.size() && (text[size] & 0xC0) == 0x80) --size;
        words += (words.empty() ? "" : "\r\n ") + ("=?utf-8?B?" + to_base64(text.substr(0, size)) + "?=");
        text.remove_prefix(size);
    }
    return words;
}

std::string mailbox(std::string_view name, const std::string& address) {
    if (name.empty()) return address;
    if (!is_ascii(name)) return encoded_words(name) + " <" + address + ">";
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\" <" + address + ">";
}

std::string mailboxes(std::string_view list) {
    std::string value;
    for (const auto& one : split_mailboxes(list)) {
        const auto bracket = one.rfind('<');
        auto name = bracket == std::string::npos ? std::string_view()
                                                 : trimmed(std::string_view(one).substr(0, bracket));
        if (name.size() > 1 && name.front() == '"' && name.back() == '"')
            name = name.substr(1, name.size() - 2);
        const std::string shown = is_ascii(one) ? one : mailbox(name, bare_address(one));
        value += (value.empty() ? "" : ",\r\n ") + shown;
    }
    return value;
}

std::string compose(const Composition& composition) {
    std::string mail;
    for (const auto& [name, value] : composition.headers) mail += name + ": " + encoded_words(value) + "\r\n";
    return mail + "MIME-Version: 1.0\r\n" + content_of(composition);
}

}  // namespace mailrota::fakes
