#include "core/mail/text_encoding.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

#include "core/mail/eight_bytes.h"
#include "core/mail/gmime_library.h"

namespace mailrota::mail {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// windows-1252, 0x80 to 0x9F (WHATWG Encoding Standard: undefined bytes are the control of that number).
constexpr std::array<std::uint16_t, 32> windows_1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

void append_code_point(std::string& out, std::uint16_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

std::string from_windows_1252(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 4);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool special = byte >= 0x80 && byte < 0xA0;
        append_code_point(out, special ? windows_1252[byte - 0x80U] : byte);
    }
    return out;
}

unsigned char byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

// Where the next byte is that is not of ASCII.
std::size_t skip_ascii(std::string_view bytes, std::size_t at) {
    while (at + EightBytes::size <= bytes.size() && EightBytes(bytes.data() + at).all_ascii())
        at += EightBytes::size;
    while (at < bytes.size() && byte_at(bytes, at) < 0x80) ++at;
    return at;
}

// The length of the sequence that begins with a byte not of ASCII (RFC 3629 section 4); 0 if it is malformed.
std::size_t sequence_size(std::string_view rest) {
    const unsigned first = byte_at(rest, 0);
    if (first < 0xC2 || first > 0xF4) return 0;
    const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (rest.size() < size) return 0;
    const unsigned second = byte_at(rest, 1);
    const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) return 0;
    for (std::size_t i = 2; i < size; ++i)
        if ((byte_at(rest, i) & 0xC0U) != 0x80) return 0;
    return size;
}

// The length of the well-formed UTF-8 that `bytes` starts with.
std::size_t utf8_prefix(std::string_view bytes) {
    std::size_t done = 0;
    while ((done = skip_ascii(bytes, done)) < bytes.size()) {
        const std::size_t size = sequence_size(bytes.substr(done));
        if (size == 0) break;
        done += size;
    }
    return done;
}

std::string replace_invalid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t valid = utf8_prefix(bytes);
        out += bytes.substr(0, valid);
        bytes.remove_prefix(valid);
        if (!bytes.empty()) {
            out += replacement;
            bytes.remove_prefix(1);
        }
    }
    return out;
}

struct CloseIconv {
    void operator()(void* handle) const { g_mime_iconv_close(handle); }
};
using Iconv = std::unique_ptr<void, CloseIconv>;

Iconv open_iconv(const std::string& charset) {
    ensure_gmime();
    const iconv_t handle = g_mime_iconv_open("UTF-8", charset.c_str());
    // iconv_open(3) says "(iconv_t) -1" for an unknown charset.
    const bool failed = reinterpret_cast<std::intptr_t>(handle) == -1;  // NOLINT(performance-no-int-to-ptr)
    return Iconv(failed ? nullptr : handle);
}

std::string convert(void* handle, std::string& bytes) {
    std::string out;
    std::array<char, 16384> buffer{};
    char* in = bytes.data();
    std::size_t in_left = bytes.size();
    for (bool flush = false; !flush;) {
        flush = in_left == 0;
        char* to = buffer.data();
        std::size_t to_left = buffer.size();
        errno = 0;
        const auto result = iconv(handle, flush ? nullptr : &in, flush ? nullptr : &in_left, &to, &to_left);
        out.append(buffer.data(), static_cast<std::size_t>(to - buffer.data()));
        if (!flush && result == static_cast<std::size_t>(-1) && errno != E2BIG) {
            out += replacement;
            ++in;
            --in_left;
        }
    }
    return out;
}

std::string small_letters(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        c = g_ascii_tolower(c);
    }
    return out;
}

bool starts_with_utf16_mark(std::string_view bytes) {
    return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

}  // namespace

bool is_utf8(std::string_view bytes) { return utf8_prefix(bytes) == bytes.size(); }

std::string to_utf8(std::string_view charset, std::string bytes) {
    std::string name = small_letters(charset);
    if (name == "utf-8" || name == "utf8") {
        return is_utf8(bytes) ? std::move(bytes) : replace_invalid_utf8(bytes);
    }
    if (name == "iso-8859-1" || name == "windows-1252") {
        return from_windows_1252(bytes);
    }
    if (name == "utf-16" && !starts_with_utf16_mark(bytes)) {
        name = "utf-16be";  // RFC 2781 section 4.3; iconv would take the machine's own order
    }
    const bool told = !name.empty() && name != "us-ascii" && name != "x-unknown" && name.size() < 64 &&
                      name.find('/') == std::string::npos;  // iconv reads "/" as an option
    if (const Iconv handle = told ? open_iconv(name) : nullptr) {
        const std::string text = convert(handle.get(), bytes);
        return is_utf8(text) ? text : replace_invalid_utf8(text);
    }
    return is_utf8(bytes) ? std::move(bytes) : from_windows_1252(bytes);
}

void crlf_to_lf(std::string& text) {
    std::size_t from = text.find('\r'), to = from;
    while (from < text.size()) {
        const bool before_lf = from + 1 < text.size() && text[from] == '\r' && text[from + 1] == '\n';
        from += before_lf ? 1U : 0U;
        const std::size_t next = std::min(text.find('\r', from + 1), text.size());
        std::memmove(text.data() + to, text.data() + from, next - from);
        to += next - from;
        from = next;
    }
    if (to < text.size()) text.resize(to);
}

void cut_utf8(std::string& text, std::size_t limit) {
    if (text.size() <= limit) {
        return;
    }
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) {
        --limit;
    }
    text.resize(limit);
}

}  // namespace mailrota::mail
