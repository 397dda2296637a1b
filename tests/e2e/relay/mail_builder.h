#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailrota::e2e {

/// Standard base64 in lines of 76, each with LF.
inline std::string in_base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += at + i > bytes.size() ? '=' : digits[group >> (18 - 6 * i) & 63U];
        if ((column += 4) < 76) continue;
        out += '\n';
        column = 0;
    }
    return column == 0 ? out : out + '\n';
}

/// Every byte value, `times` over.
inline std::string all_bytes(int times = 1) {
    std::string bytes;
    for (int i = 0; i < 256 * times; ++i) bytes += static_cast<char>(i);
    return bytes;
}

/// A part: its fields, each with LF, and its body.
inline std::string part(const std::string& fields, const std::string& body) { return fields + "\n" + body; }

/// "Content-Type: text/plain; charset=…" and the encoding.
inline std::string text_fields(const std::string& charset, const std::string& encoding = "8bit",
                               const std::string& type = "plain") {
    return "Content-Type: text/" + type + "; charset=" + charset +
           "\nContent-Transfer-Encoding: " + encoding + "\n";
}

/// A file in base64; `disposition` with its parameters, `type` with its own.
inline std::string file(const std::string& type, const std::string& disposition, std::string_view bytes,
                        const std::string& more = "") {
    return part("Content-Type: " + type + "\nContent-Disposition: " + disposition + "\n" + more +
                    "Content-Transfer-Encoding: base64\n",
                in_base64(bytes));
}

/// A multipart, fields and body. Each has a boundary of its own; `kind` may have parameters.
inline std::string multipart(const std::string& kind, const std::vector<std::string>& parts) {
    static int count = 0;
    const std::string boundary = "part-" + std::to_string(++count);
    std::string whole = "Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\n\n";
    for (const auto& one : parts) whole += "--" + boundary + "\n" + one + "\n";
    return whole + "--" + boundary + "--\n";
}

}  // namespace mailrota::e2e
