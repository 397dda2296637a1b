#include "core/providers/raw_mail_entity.h"

#include <gmime/gmime.h>

#include "core/mail/gmime_library.h"
#include "core/mail/header_text.h"
#include "core/policy/fold.h"

namespace mailrota::providers {
namespace {

constexpr std::size_t deepest = 50;
constexpr std::string_view crlf = "\r\n";

std::string_view without_line_end(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

// "--boundary" or "--boundary--" with blanks behind (RFC 2046 section 5.1.1).
bool is_delimiter(std::string_view line, std::string_view boundary, bool& closes) {
    line = without_line_end(line);
    if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return false;
    line.remove_prefix(2 + boundary.size());
    closes = line.starts_with("--");
    if (closes) line.remove_prefix(2);
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

// What stands around parts is shown by no reader: bytes that do not fit become "?".
void append_around(std::string_view text, RawForm form, std::string& out) {
    const std::size_t before = out.size();
    out.append(text);
    if (fits(text, form)) return;
    for (std::size_t at = before; at < out.size(); ++at)
        if (out[at] == '\0' || static_cast<unsigned char>(out[at]) >= 0x80) out[at] = '?';
    if (!fits(std::string_view(out).substr(before), form)) out.resize(before);  // long lines
}

}  // namespace

// What of an entity's header says how its body is to be read.
struct EntityWriter::Header {
    std::string type;      // "text/plain", small letters
    std::string boundary;  // of a multipart
    std::string encoding;  // small letters; empty: none
    bool version = false;  // MIME-Version is there

    explicit Header(std::string_view bytes) {
        mail::HeaderReader reader(bytes);
        while (const auto field = reader.next()) {
            if (type.empty() && mail::same_name(field->name, "Content-Type")) read_type(field->value);
            if (encoding.empty() && mail::same_name(field->name, "Content-Transfer-Encoding"))
                encoding = policy::folded(mail::unfold_header(field->value));
            version = version || mail::same_name(field->name, "MIME-Version");
        }
    }

    void read_type(std::string_view value) {
        mail::ensure_gmime();
        const std::string text = mail::unfold_header(value);
        const mail::ObjectPtr<GMimeContentType> parsed(g_mime_content_type_parse(nullptr, text.c_str()));
        type = policy::folded(mail::StringPtr(g_mime_content_type_get_mime_type(parsed.get())).get());
        const char* found = g_mime_content_type_get_parameter(parsed.get(), "boundary");
        boundary = found == nullptr ? "" : found;
    }

    bool text() const { return type.empty() || type.starts_with("text/") || type.starts_with("message/"); }
    bool identity() const { return encoding != "quoted-printable" && encoding != "base64"; }
    bool known_encoding() const {
        return !identity() || encoding.empty() || encoding == "7bit" || encoding == "8bit" ||
               encoding == "binary";
    }
};

EntityWriter::Content EntityWriter::content_of(const Header& header, std::string_view body,
                                               std::size_t depth) const {
    const bool sealed = header.type == "multipart/signed" || header.type == "multipart/encrypted";
    if (sealed) return Content::sealed;
    if (fits(body, form_) || depth >= deepest || !header.known_encoding()) return Content::keep;
    if (header.type.starts_with("multipart/"))
        return header.boundary.empty() ? Content::keep : Content::parts;
    const bool message = header.type == "message/rfc822" || header.type == "message/global";
    if (message && header.identity()) return Content::message;
    if (header.encoding == "quoted-printable") return Content::mended_quoted;
    if (header.encoding == "base64") return Content::mended_base64;
    // NUL in a text means UTF-16 and the like, whose line ends are not CRLF.
    const bool lines = header.text() && body.find('\0') == std::string_view::npos;
    return lines ? Content::quoted : Content::base64;
}

void EntityWriter::message(std::string_view header, std::string_view body, std::string& header_out,
                           std::string& body_out) {
    entity(header, body, header_out, body_out, 0, true);
    if (body.ends_with('\n') && !body_out.ends_with('\n')) body_out.append(crlf);
}

void EntityWriter::entity(std::string_view header, std::string_view body, std::string& header_out,
                          std::string& body_out, std::size_t depth, bool whole_message) {
    const Header read(header);
    const Content content = content_of(read, body, depth);
    const bool container = content == Content::parts || content == Content::message;
    const bool quoted = content == Content::quoted;
    const bool encoded = quoted || content == Content::base64;
    const bool narrows = container && form_ == RawForm::ascii && !read.encoding.empty();
    const std::string_view encoding = encoded   ? (quoted ? "quoted-printable" : "base64")
                                      : narrows ? "7bit"
                                                : "";
    header_fields(header, encoding, encoded && whole_message && !read.version, header_out);
    switch (content) {
        case Content::sealed:
            sealed_unfit_ = sealed_unfit_ || !fits(body, form_);
            [[fallthrough]];
        case Content::keep:
            body_out.append(body);
            break;
        case Content::quoted:
            append_quoted(body_out, body);
            break;
        case Content::mended_quoted:
            append_mended_quoted(body_out, body);
            break;
        case Content::base64:
            append_base64(body_out, body);
            break;
        case Content::mended_base64:
            append_mended_base64(body_out, body);
            break;
        case Content::parts:
            parts(body, read.boundary, body_out, depth);
            break;
        case Content::message: {
            mail::HeaderReader reader(body);
            while (reader.next()) continue;
            entity(body.substr(0, reader.body()), body.substr(reader.body()), body_out, body_out, depth + 1,
                   true);
            break;
        }
    }
}

// The fields, Content-Transfer-Encoding replaced by `encoding` unless that is empty, and the empty line.
void EntityWriter::header_fields(std::string_view header, std::string_view encoding, bool add_version,
                                 std::string& out) const {
    mail::HeaderReader reader(header);
    while (const auto field = reader.next()) {
        const bool replaced = !encoding.empty() && mail::same_name(field->name, "Content-Transfer-Encoding");
        if (replaced) continue;
        if (fits(field->bytes, form_))
            out.append(field->bytes);
        else
            append_ascii_field(out, *field);
    }
    if (add_version) out.append("MIME-Version: 1.0\r\n");
    if (!encoding.empty()) out.append("Content-Transfer-Encoding: ").append(encoding).append(crlf);
    const std::string_view empty_line = header.substr(reader.position());
    const bool added = !encoding.empty() && empty_line.empty();
    out.append(added ? crlf : empty_line);
}

void EntityWriter::parts(std::string_view body, std::string_view boundary, std::string& out,
                         std::size_t depth) {
    std::size_t start = 0;  // of the part or of what is around the parts
    bool in_part = false;
    bool closed = false;
    const auto flush = [&](std::size_t end) {
        const std::string_view text = body.substr(start, end - start);
        if (in_part)
            part(text, out, depth + 1);
        else
            append_around(text, form_, out);
    };
    for (std::size_t at = 0; at < body.size() && !closed;) {
        const std::size_t end = std::min(body.find('\n', at), body.size() - 1) + 1;
        const std::string_view line = body.substr(at, end - at);
        if (is_delimiter(line, boundary, closed)) {
            flush(at);
            out.append(line);
            start = end;
            in_part = !closed;
        } else {
            closed = false;
        }
        at = end;
    }
    flush(body.size());
}

void EntityWriter::part(std::string_view bytes, std::string& out, std::size_t depth) {
    mail::HeaderReader reader(bytes);
    while (reader.next()) continue;
    std::string_view body = bytes.substr(reader.body());
    // The line end before a delimiter belongs to the delimiter.
    const std::string_view content = without_line_end(body);
    const std::string_view line_end = body.substr(content.size());
    entity(bytes.substr(0, reader.body()), content, out, out, depth, false);
    out.append(line_end);
}

}  // namespace mailrota::providers
