#include "tests/e2e/relay/mime_reading.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

namespace mailrota::e2e {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Unref>;

std::string taken(char* text) {
    std::string copy = text == nullptr ? "" : text;
    g_free(text);
    return copy;
}

std::string small_letters(std::string text) {
    std::ranges::transform(text, text.begin(), g_ascii_tolower);
    return text;
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

std::string with_single_blanks(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// 8-bit text that says nothing of its charset is UTF-8, else windows-1252.
std::string converted(const std::string& bytes, const std::string& charset) {
    const auto size = static_cast<gssize>(bytes.size());
    const bool plain = charset.empty() || charset == "us-ascii" || charset == "utf-8";
    for (const std::string& from : {plain ? std::string("utf-8") : charset, std::string("utf-8"),
                                    std::string("windows-1252"), std::string("iso-8859-1")}) {
        gsize written = 0;
        char* text = g_convert(bytes.data(), size, "utf-8", from.c_str(), nullptr, &written, nullptr);
        if (text == nullptr) continue;
        std::string out(text, written);
        g_free(text);
        return out;
    }
    return bytes;
}

std::string decoded_field(const std::string& raw) {
    return with_single_blanks(taken(g_mime_utils_header_decode_text(nullptr, converted(raw, "").c_str())));
}

std::string without_cr(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
    return out;
}

std::string written(GMimeStream* stream) {
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string decoded(GMimePart* part) {
    GMimeDataWrapper* wrapper = g_mime_part_get_content(part);
    if (wrapper == nullptr) return "";
    const Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(wrapper, stream.get());
    return written(stream.get());
}

std::string as_bytes(GMimeMessagePart* part) {
    GMimeMessage* message = g_mime_message_part_get_message(part);
    if (message == nullptr) return "";
    const Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(GMIME_OBJECT(message), nullptr, stream.get());
    return written(stream.get());
}

/// What a reader sees of a mail, however it is encoded.
std::string as_seen(const ReadMail& mail) {
    std::string all;
    for (const auto& [name, value] : mail.fields)
        if (!name.starts_with("content-") && name != "mime-version") all += name + ": " + value + "\n";
    for (const auto& part : mail.parts) all += "\n" + part.type + " " + part.name + "\n" + part.content;
    return all;
}

void read_leaf(GMimeObject* object, const std::string& path, ReadMail& mail) {
    GMimeContentType* type = g_mime_object_get_content_type(object);
    ReadPart part;
    part.path = path;
    part.type = small_letters(taken(g_mime_content_type_get_mime_type(type)));
    part.content_id = text_or_empty(g_mime_object_get_content_id(object));
    const bool said = text_or_empty(g_mime_object_get_disposition(object)) == "attachment";
    if (GMIME_IS_MESSAGE_PART(object)) {
        part.attachment = true;
        part.content = as_seen(read_mail(as_bytes(GMIME_MESSAGE_PART(object))));
    } else if (GMIME_IS_PART(object)) {
        part.name = text_or_empty(g_mime_part_get_filename(GMIME_PART(object)));
        part.attachment = said || !part.name.empty();
        part.text = !part.attachment && (part.type == "text/plain" || part.type == "text/html");
        part.content = decoded(GMIME_PART(object));
        const auto charset = small_letters(text_or_empty(g_mime_content_type_get_parameter(type, "charset")));
        if (part.text) part.content = without_cr(converted(part.content, charset));
        const auto encoding = g_mime_part_get_content_encoding(GMIME_PART(object));
        const bool lines = encoding == GMIME_CONTENT_ENCODING_DEFAULT ||
                           encoding == GMIME_CONTENT_ENCODING_7BIT || encoding == GMIME_CONTENT_ENCODING_8BIT;
        if (lines || part.type.starts_with("text/")) part.content = without_cr(part.content);
    }
    mail.parts.push_back(std::move(part));
}

void read_object(GMimeObject* object, const std::string& path, ReadMail& mail) {
    if (!GMIME_IS_MULTIPART(object)) return read_leaf(object, path, mail);
    const GMimeContentType* type = g_mime_object_get_content_type(object);
    const std::string inner = path + small_letters(text_or_empty(type->subtype)) + "/";
    for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); ++i)
        read_object(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), inner, mail);
}

/// From the bytes, so that fields of the body are among them.
void read_fields(const std::string& bytes, ReadMail& mail) {
    std::size_t at = 0;
    while (at < bytes.size() && bytes[at] != '\n') {
        std::size_t end = bytes.find('\n', at);
        while (end != std::string::npos && end + 1 < bytes.size() &&
               (bytes[end + 1] == ' ' || bytes[end + 1] == '\t'))
            end = bytes.find('\n', end + 1);
        if (end == std::string::npos) end = bytes.size();
        const std::string field = bytes.substr(at, end - at);
        const auto colon = field.find(':');
        if (colon != std::string::npos)
            mail.fields.emplace_back(small_letters(field.substr(0, colon)),
                                     decoded_field(field.substr(colon + 1)));
        at = end + 1;
    }
}

}  // namespace

std::vector<std::string> ReadMail::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [each, value] : fields)
        if (each == name) values.push_back(value);
    return values;
}

ReadMail read_mail(const std::string& bytes) {
    static const bool ready = [] { return g_mime_init(), true; }();
    (void)ready;
    ReadMail mail;
    read_fields(without_cr(bytes), mail);
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    if (message && g_mime_message_get_mime_part(message.get()) != nullptr)
        read_object(g_mime_message_get_mime_part(message.get()), "", mail);
    return mail;
}

}  // namespace mailrota::e2e
