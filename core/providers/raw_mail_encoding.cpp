#include "core/providers/raw_mail_encoding.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>

#include "core/mail/gmime_library.h"
#include "core/mail/header_edit.h"
#include "core/mail/header_text.h"
#include "core/mail/text_encoding.h"
#include "core/providers/base64.h"

namespace mailrota::providers {
namespace {

constexpr std::size_t longest_line = 998;
constexpr std::size_t encoded_line = 76;
constexpr std::string_view crlf = "\r\n";

bool ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool short_lines(std::string_view text) {
    while (text.size() > longest_line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const bool with_cr = end > 0 && text[end - 1] == '\r';
        if (end - (with_cr ? 1 : 0) > longest_line) return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

// Writes tokens of quoted-printable, breaking lines softly.
class QuotedLine {
  public:
    explicit QuotedLine(std::string& out) : out_(out) {}

    void token(std::string_view text) {
        if (length_ + text.size() >= encoded_line) {
            out_.append("=\r\n");
            length_ = 0;
        }
        out_.append(text);
        length_ += text.size();
    }
    void encoded(char c) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        const std::array<char, 3> text{'=', digits[byte >> 4U], digits[byte & 0xFU]};
        token({text.data(), text.size()});
    }
    void end(std::string_view line_end) {
        out_.append(line_end);
        length_ = 0;
    }

  private:
    std::string& out_;
    std::size_t length_ = 0;
};

bool at_line_end(std::string_view text, std::size_t at) {
    return at == text.size() || text.substr(at, 2) == crlf;
}

bool literal(char c) { return c >= ' ' && c <= '~' && c != '='; }

// The text between quotes with its escapes undone; `at` goes behind the closing quote.
std::string quoted_content(std::string_view text, std::size_t& at) {
    std::string content;
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        content += text[at];
    }
    at = std::min(at + 1, text.size());
    return content;
}

// An encoded word inside quotes is no encoded word (RFC 2047 section 5), so quotes with text outside ASCII
// in them go.
std::string with_open_quotes(std::string_view addresses) {
    std::string out;
    std::size_t at = 0;
    while (at < addresses.size()) {
        const std::size_t quote = std::min(addresses.find('"', at), addresses.size());
        out.append(addresses.substr(at, quote - at));
        if (quote == addresses.size()) break;
        at = quote;
        const std::string content = quoted_content(addresses, at);
        if (ascii(content)) {
            out.append(addresses.substr(quote, at - quote));
        } else {
            const mail::StringPtr phrase(
                g_mime_utils_header_encode_phrase(nullptr, content.c_str(), "utf-8"));
            out.append(phrase.get());
        }
    }
    return out;
}

bool holds_addresses(std::string_view name) {
    constexpr std::array names{"From", "Sender",      "Reply-To",  "To",
                               "Cc",   "Resent-From", "Resent-To", "Resent-Cc"};
    return std::ranges::any_of(names,
                               [name](std::string_view known) { return mail::same_name(known, name); });
}

std::string encoded_value(std::string_view name, const std::string& utf8) {
    if (mail::same_name(name, "Content-Type")) {
        const mail::ObjectPtr<GMimeContentType> type(g_mime_content_type_parse(nullptr, utf8.c_str()));
        return mail::StringPtr(g_mime_content_type_encode(type.get(), nullptr)).get();
    }
    if (mail::same_name(name, "Content-Disposition")) {
        const mail::ObjectPtr<GMimeContentDisposition> part(
            g_mime_content_disposition_parse(nullptr, utf8.c_str()));
        return mail::StringPtr(g_mime_content_disposition_encode(part.get(), nullptr)).get();
    }
    return holds_addresses(name) ? with_open_quotes(utf8) : utf8;
}

}  // namespace

bool fits(std::string_view bytes, RawForm form) {
    if (form == RawForm::bytes) return true;
    if (bytes.find('\0') != std::string_view::npos) return false;
    return form == RawForm::utf8 ? mail::is_utf8(bytes) : ascii(bytes) && short_lines(bytes);
}

void append_quoted(std::string& out, std::string_view bytes) {
    QuotedLine line(out);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char c = bytes[at];
        const bool blank = c == ' ' || c == '\t';
        if (bytes.substr(at, 2) == crlf) {
            line.end(crlf);
            ++at;
        } else if ((literal(c) && !blank) || (blank && !at_line_end(bytes, at + 1))) {
            line.token(bytes.substr(at, 1));
        } else {
            line.encoded(c);
        }
    }
}

void append_mended_quoted(std::string& out, std::string_view text) {
    QuotedLine line(out);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n') {
            line.end("\n");
        } else if (c == '=' && at + 2 < text.size() && literal(text[at + 1])) {
            line.token(text.substr(at, 3));
            at += 2;
        } else if (c == '=' || (c == '\r' && at_line_end(text, at))) {
            out += c;  // a soft or hard line end
        } else if (literal(c) || c == '\t') {
            line.token(text.substr(at, 1));
        } else {
            line.encoded(c);
        }
    }
}

void append_base64(std::string& out, std::string_view bytes) {
    constexpr std::size_t bytes_of_line = encoded_line / 4 * 3;
    out.reserve(out.size() + bytes.size() / bytes_of_line * (encoded_line + 2) + encoded_line + 2);
    while (!bytes.empty()) {
        const std::string_view line = bytes.substr(0, bytes_of_line);
        out.append(base64(line));
        bytes.remove_prefix(line.size());
        if (!bytes.empty()) out.append(crlf);
    }
}

void append_mended_base64(std::string& out, std::string_view text) {
    std::size_t length = 0;
    for (const char c : text) {
        if (g_ascii_isalnum(c) == 0 && c != '+' && c != '/' && c != '=') continue;
        if (length > 0 && length % encoded_line == 0) out.append(crlf);
        out += c;
        ++length;
    }
}

void append_ascii_field(std::string& out, const mail::RawField& field) {
    mail::ensure_gmime();
    std::string utf8 = mail::to_utf8("", mail::unfold_header(field.value));
    std::erase(utf8, '\0');
    out.append(field.name).append(": ");
    for (const char c : mail::clean_header_value(field.name, encoded_value(field.name, utf8))) {
        if (c == '\n') out += '\r';
        out += c;
    }
    out.append(crlf);
}

}  // namespace mailrota::providers
