#include "tests/fakes/form.h"

#include <algorithm>

#include "tests/fakes/header_block.h"

namespace mailrota::fakes {

namespace {

/// The value of NAME="…" or NAME=… after a semicolon.
std::optional<std::string> parameter(std::string_view field, std::string_view name) {
    const std::string wanted = std::string(name) + "=";
    for (std::size_t at = field.find(';'); at != std::string_view::npos; at = field.find(';', at)) {
        const auto rest = trimmed(field.substr(++at));
        if (!small_letters(rest).starts_with(wanted)) continue;
        const auto value = rest.substr(wanted.size());
        if (!value.starts_with('"')) return std::string(trimmed(value.substr(0, value.find(';'))));
        std::string plain;
        for (std::size_t i = 1; i < value.size() && value[i] != '"'; ++i) {
            if (value[i] == '\\' && i + 1 < value.size()) ++i;
            plain += value[i];
        }
        return plain;
    }
    return {};
}

std::optional<FormPart> parse_part(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return {};
    const HeaderBlock header(text.substr(0, end + 4));
    const auto disposition = header.value("Content-Disposition").value_or("");
    const auto name = parameter(disposition, "name");
    if (!disposition.starts_with("form-data") || !name) return {};
    const auto file_name = parameter(disposition, "filename");
    return FormPart{*name, std::string(text.substr(end + 4)), file_name.value_or(""), file_name.has_value()};
}

std::optional<std::vector<FormPart>> parse_multipart(std::string_view body, const std::string& boundary) {
    const std::string delimiter = "\r\n--" + boundary;
    if (!body.starts_with(std::string_view(delimiter).substr(2))) return {};
    std::vector<FormPart> parts;
    body.remove_prefix(delimiter.size() - 2);
    while (body.starts_with("\r\n")) {
        const auto end = body.find(delimiter, 2);
        if (end == std::string_view::npos) return {};
        auto part = parse_part(body.substr(2, end - 2));
        if (!part) return {};
        parts.push_back(*std::move(part));
        body.remove_prefix(end + delimiter.size());
    }
    if (!body.starts_with("--")) return {};
    return parts;
}

}  // namespace

std::optional<std::vector<FormPart>> parse_form(const Request& request) {
    const auto type = request.header("Content-Type");
    if (small_letters(type).starts_with("multipart/form-data")) {
        const auto boundary = parameter(type, "boundary");
        if (!boundary || boundary->empty()) return {};
        return parse_multipart(request.body, *boundary);
    }
    if (!small_letters(type).starts_with("application/x-www-form-urlencoded")) return {};
    std::vector<FormPart> parts;
    for (auto& [name, value] : parse_urlencoded(request.body)) parts.push_back({name, value, "", false});
    return parts;
}

}  // namespace mailrota::fakes
