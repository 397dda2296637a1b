#include "core/mail/mime_part.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/mail/header_text.h"
#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

// GMime only reads through it; its lengths are 32 bits.
GByteArray byte_array(std::string_view bytes) {
    const std::size_t longest = std::numeric_limits<gint32>::max();
    return {reinterpret_cast<guint8*>(const_cast<char*>(bytes.data())),
            static_cast<guint>(std::min(bytes.size(), longest))};
}

ObjectPtr<GMimeStream> stream_over(GByteArray& bytes) {
    ObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(&bytes));
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream.get()), FALSE);
    return stream;
}

ObjectPtr<GMimeStream> joined(GByteArray& header, GByteArray& body) {
    ObjectPtr<GMimeStream> both(g_mime_stream_cat_new());
    for (GByteArray* bytes : {&header, &body}) {
        if (bytes->len > 0) {
            g_mime_stream_cat_add_source(GMIME_STREAM_CAT(both.get()), stream_over(*bytes).get());
        }
    }
    return both;
}

std::string one_line(const char* text) { return text == nullptr ? std::string() : decode_header(text); }

bool needs_decoding(GMimeContentEncoding encoding) {
    return encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
           encoding == GMIME_CONTENT_ENCODING_UUENCODE;
}

const HeaderField* first_field(const std::vector<HeaderField>& headers, std::string_view name) {
    const auto found =
        std::ranges::find_if(headers, [&](const auto& field) { return same_name(field.name, name); });
    return found == headers.end() ? nullptr : &*found;
}

// The decoded content from its first byte; null if the part has none.
ObjectPtr<GMimeStream> decoded_stream(GMimePart* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    GMimeStream* raw = content == nullptr ? nullptr : g_mime_data_wrapper_get_stream(content);
    if (raw == nullptr) {
        return nullptr;
    }
    g_mime_stream_reset(raw);
    ObjectPtr<GMimeStream> stream(g_mime_stream_filter_new(raw));
    const GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
    if (needs_decoding(encoding)) {
        const ObjectPtr<GMimeFilter> decoder(g_mime_filter_basic_new(encoding, FALSE));
        g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream.get()), decoder.get());
    }
    return stream;
}

// At least the length of the decoded content, if it can be told.
std::size_t encoded_size(GMimePart* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    GMimeStream* raw = content == nullptr ? nullptr : g_mime_data_wrapper_get_stream(content);
    return raw == nullptr ? 0 : static_cast<std::size_t>(std::max<gint64>(g_mime_stream_length(raw), 0));
}

// Calls take(bytes) for every piece of the content until it says false.
template <class Take>
void for_each_piece(GMimePart* part, Take take) {
    const ObjectPtr<GMimeStream> stream = decoded_stream(part);
    std::array<char, 65536> buffer;
    for (ssize_t got = 1; stream && got > 0;) {
        got = g_mime_stream_read(stream.get(), buffer.data(), buffer.size());
        if (got > 0 && !take(std::string_view(buffer.data(), static_cast<std::size_t>(got)))) {
            return;
        }
        if (got == 0 && g_mime_stream_eos(stream.get()) == FALSE) {
            got = 1;  // a filter that swallowed a whole piece
        }
    }
}

}  // namespace

std::string content_header(const std::vector<HeaderField>& headers) {
    std::string out;
    for (const char* name : {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}) {
        if (const HeaderField* field = first_field(headers, name)) {
            std::string value = unfold_header(field->value).substr(0, std::size_t{1} << 16);
            std::erase(value, '\0');
            out += std::string(name) + ": " + value + "\n";
        }
    }
    return out + "\n";
}

MimeTree::MimeTree(std::string_view header, std::string_view body)
    : header_(byte_array(header)), body_(byte_array(body)) {
    ensure_gmime();
    const ObjectPtr<GMimeStream> stream = joined(header_, body_);
    const ObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_persist_stream(parser.get(), TRUE);
    root_.reset(g_mime_parser_construct_part(parser.get(), nullptr));
}

std::string content_type(GMimeObject* part) {
    GMimeContentType* type = g_mime_object_get_content_type(part);
    const char* raw = g_mime_object_get_header(part, "Content-Type");
    const bool broken = raw != nullptr && std::string_view(raw).find('/') == std::string_view::npos;
    if (type == nullptr || broken) {
        return "text/plain";  // RFC 2045 section 5.2
    }
    const StringPtr text(g_mime_content_type_get_mime_type(type));
    std::string small = to_utf8("", text.get());
    std::ranges::transform(small, small.begin(), g_ascii_tolower);
    return small;
}

std::string type_parameter(GMimeObject* part, const char* name) {
    return one_line(g_mime_object_get_content_type_parameter(part, name));
}

std::string file_name(GMimePart* part) { return one_line(g_mime_part_get_filename(part)); }

bool is_attachment(GMimeObject* part) {
    const char* disposition = g_mime_object_get_disposition(part);
    return disposition != nullptr && same_name(disposition, "attachment");
}

std::string read_content(GMimePart* part, std::size_t limit, bool& more) {
    std::string bytes;
    bytes.reserve(std::min(limit, encoded_size(part)));
    for_each_piece(part, [&](std::string_view piece) {
        const std::size_t room = limit - bytes.size();
        more = more || piece.size() > room;
        bytes += piece.substr(0, room);
        return piece.size() <= room;
    });
    return bytes;
}

std::uint64_t content_size(GMimePart* part) {
    std::uint64_t size = 0;
    for_each_piece(part, [&](std::string_view piece) {
        size += piece.size();
        return true;
    });
    return size;
}

}  // namespace mailrota::mail
