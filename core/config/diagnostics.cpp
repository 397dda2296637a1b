#include "core/config/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailrota::config {

namespace {

std::string_view cut(std::string_view value, std::size_t size) {
    if (value.size() <= size) return value;
    while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xC0U) == 0x80U) --size;
    return value.substr(0, size);
}

// On one line, whatever a value or a library's message brought.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::string Diagnostic::to_string() const {
    std::string out = file;
    if (line > 0) out += fmt::format(":{}", line);
    out += severity == Severity::error ? ": error: " : ": warning: ";
    if (!key.empty()) out += key + ": ";
    out += text;
    if (!hint.empty()) out += fmt::format(" (hint: {})", hint);
    return out;
}

void Diagnostics::error(std::uint32_t line, std::string_view key, std::string_view text,
                        std::string_view hint) {
    ++errors_;
    add(Diagnostic::Severity::error, line, key, text, hint);
}

void Diagnostics::warning(std::uint32_t line, std::string_view key, std::string_view text,
                          std::string_view hint) {
    add(Diagnostic::Severity::warning, line, key, text, hint);
}

void Diagnostics::add(Diagnostic::Severity severity, std::uint32_t line, std::string_view key,
                      std::string_view text, std::string_view hint) {
    all_.push_back({severity, file_, line, printable(key), printable(text), printable(hint)});
}

std::vector<Diagnostic> Diagnostics::sorted() const {
    std::vector<Diagnostic> out = all_;
    std::stable_sort(out.begin(), out.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.line < b.line; });
    return out;
}

std::string quoted(std::string_view value) {
    const std::string_view shown = cut(value, 80);
    return "\"" + printable(shown) + (shown.size() < value.size() ? "…\"" : "\"");
}

std::string one_of(const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) out += i + 1 == values.size() ? " or " : ", ";
        out += quoted(values[i]);
    }
    return out;
}

}  // namespace mailrota::config
