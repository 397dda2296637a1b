#include "core/mail/parts_text.h"

#include <algorithm>
#include <cstdint>

#include "core/mail/header_text.h"
#include "core/mail/mime_part.h"
#include "core/mail/parts_losses.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_known(const std::string& charset) {
    if (charset.empty() || charset.size() >= 64 || charset.find('/') != std::string::npos) return false;
    ensure_gmime();
    const iconv_t handle = g_mime_iconv_open("UTF-8", charset.c_str());
    if (reinterpret_cast<std::intptr_t>(handle) == -1) return false;  // NOLINT(performance-no-int-to-ptr)
    g_mime_iconv_close(handle);
    return true;
}

// What is lost when `bytes` written in `charset` became `text`.
void tell_charset(Parts& parts, const std::string& charset, bool was_utf8, const std::string& text) {
    if (!charset.empty() && !is_known(charset)) {
        lose_detail(parts, "text in an unknown charset is read as another");
        return;
    }
    const bool plain = charset.empty() || same_name(charset, "us-ascii") || same_name(charset, "utf-8");
    const bool guessed = plain ? !was_utf8 : !was_utf8 && text.find(replacement) != std::string::npos;
    if (guessed) lose_detail(parts, "bytes that their charset does not have");
}

// LF for CRLF; NUL, which no text has, as a blank.
void normalise(Parts& parts, std::string& text) {
    std::size_t to = 0;
    bool nul = false;
    for (std::size_t from = 0; from < text.size(); ++from) {
        const bool before_lf = text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n';
        nul = nul || text[from] == '\0';
        if (!before_lf) text[to++] = text[from] == '\0' ? ' ' : text[from];
    }
    text.resize(to);
    if (nul) lose_detail(parts, "NUL bytes in a text");
}

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`{|}~";
    return !text.empty() && text.size() < 100 && std::ranges::all_of(text, [&](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

// All parameters but those that the name and the multipart are told by.
std::string type_parameters(Parts& parts, GMimeObject* part) {
    constexpr int most = 10;
    GMimeContentType* type = g_mime_object_get_content_type(part);
    GMimeParamList* list = type == nullptr ? nullptr : g_mime_content_type_get_parameters(type);
    const int count = list == nullptr ? 0 : g_mime_param_list_length(list);
    std::string out;
    for (int i = 0; i < std::min(count, most); ++i) {
        GMimeParam* parameter = g_mime_param_list_get_parameter_at(list, i);
        const std::string name = to_utf8("", g_mime_param_get_name(parameter));
        const char* raw = g_mime_param_get_value(parameter);
        const std::string value = to_utf8("", raw == nullptr ? "" : raw);
        if (same_name(name, "name") || same_name(name, "boundary")) continue;
        if (is_token(name) && is_token(value)) {
            out += "; " + name + "=" + value;
        } else {
            lose_detail(parts, "a parameter of a file's type");
        }
    }
    if (count > most) lose_detail(parts, "a parameter of a file's type");
    return out;
}

}  // namespace

std::string content_id(GMimeObject* part) {
    const char* raw = g_mime_object_get_header(part, "Content-ID");
    std::string id = raw == nullptr ? std::string() : decode_header(raw);
    if (id.starts_with('<') && id.ends_with('>') && id.size() > 2) id = id.substr(1, id.size() - 2);
    return id;
}

std::string decoded_text(Parts& parts, GMimePart* part, std::size_t limit) {
    GMimeObject* object = GMIME_OBJECT(part);
    bool more = false;
    std::string bytes = read_content(part, limit, more);
    if (more) lose_shape(parts, "text that is too long");
    const std::string charset = type_parameter(object, "charset");
    const bool was_utf8 = is_utf8(bytes);
    std::string text = to_utf8(charset, std::move(bytes));
    tell_charset(parts, charset, was_utf8, text);
    normalise(parts, text);
    if (same_name(type_parameter(object, "format"), "flowed")) lose_detail(parts, "format=flowed of a text");
    if (text.find("-----BEGIN PGP ") != std::string::npos) {
        lose_detail(parts, "an OpenPGP text keeps its signature only if its charset and lines stay");
    }
    return text;
}

Parts::File read_file(Parts& parts, GMimePart* part, bool shown, std::size_t limit) {
    GMimeObject* object = GMIME_OBJECT(part);
    bool more = false;
    Parts::File file{
        file_name(part), content_type(object),           type_parameters(parts, object), content_id(object),
        shown,           read_content(part, limit, more)};
    if (more) lose_shape(parts, "a file that is too long");
    return file;
}

}  // namespace mailrota::mail
