#include "core/policy/template.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/policy/safe_text.h"

namespace mailrota::policy {
namespace {

constexpr std::array<std::string_view, 5> built_in = {"sender", "rcpt", "subject", "client", "queue_id"};
constexpr std::string_view header_prefix = "header.";

bool is_built_in(std::string_view name) {
    return name.starts_with(header_prefix) || std::ranges::find(built_in, name) != built_in.end();
}

bool word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool field_name_character(char c) { return c > ' ' && c < 0x7F && c != ':' && c != '{' && c != '}'; }

bool valid_name(std::string_view name) {
    if (!name.starts_with(header_prefix)) return !name.empty() && std::ranges::all_of(name, word_character);
    name.remove_prefix(header_prefix.size());
    return !name.empty() && std::ranges::all_of(name, field_name_character);
}

std::string recipients_of(const TemplateValues& values) {
    std::string list;
    for (const auto* recipient : values.recipients) {
        if (!list.empty()) list += ", ";
        list += recipient->text();
    }
    return list;
}

std::string header_of(const TemplateValues& values, std::string_view name) {
    if (!values.message) return {};
    const auto found = values.message->header(name);
    return found.empty() ? std::string() : found.front();
}

std::string value_of(const TemplateValues& values, std::string_view name) {
    if (const auto capture = values.captures.find(name); capture != values.captures.end())
        return capture->second;
    if (name == "sender") return values.envelope.sender.text();
    if (name == "rcpt") return recipients_of(values);
    if (name == "subject") return header_of(values, "Subject");
    if (name == "client") return values.envelope.client.ip;
    if (name == "queue_id") return std::string(values.queue_id);
    if (name.starts_with(header_prefix)) return header_of(values, name.substr(header_prefix.size()));
    return {};
}

}  // namespace

Result<Template> Template::parse(std::string_view text) {
    Template result;
    std::string literal;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool twice = at + 1 < text.size() && text[at + 1] == c;
        if (c != '{' && c != '}') {
            literal += c;
        } else if (twice) {
            literal += c;
            ++at;
        } else if (c == '}') {
            return invalid(
                fmt::format("\"}}\" at offset {} closes nothing; a brace itself is written }}}}", at));
        } else {
            const auto end = text.find('}', at);
            if (end == std::string_view::npos)
                return invalid(
                    fmt::format("\"{{\" at offset {} is not closed; a brace itself is written {{{{", at));
            const auto name = text.substr(at + 1, end - at - 1);
            if (!valid_name(name)) return invalid(fmt::format("{{{}}} at offset {} is no name", name, at));
            result.pieces_.emplace_back(std::move(literal));
            literal.clear();
            result.pieces_.emplace_back(Name{std::string(name)});
            at = end;
        }
    }
    result.pieces_.emplace_back(std::move(literal));
    return result;
}

std::vector<std::string> Template::names() const {
    std::vector<std::string> names;
    for (const auto& piece : pieces_)
        if (const auto* name = std::get_if<Name>(&piece)) names.push_back(name->text);
    return names;
}

std::string Template::fill(const TemplateValues& values) const {
    std::string text;
    for (const auto& piece : pieces_) {
        if (const auto* name = std::get_if<Name>(&piece))
            text += without_controls(value_of(values, name->text));
        else
            text += std::get<std::string>(piece);
    }
    return text;
}

Result<Template> check_template(std::string_view text, std::span<const std::string> captures) {
    auto parsed = Template::parse(text);
    if (!parsed) return parsed;
    for (const auto& name : parsed->names()) {
        if (is_built_in(name) || std::ranges::find(captures, name) != captures.end()) continue;
        std::vector<std::string> known;
        for (const auto& capture : captures) known.push_back("{" + capture + "}");
        for (const auto word : built_in) known.push_back(fmt::format("{{{}}}", word));
        known.emplace_back("{header.NAME}");
        return invalid(fmt::format("{{{}}} is not known here; there are {}", name, fmt::join(known, " ")));
    }
    return parsed;
}

std::string fill_template(std::string_view text, const TemplateValues& values) {
    const auto parsed = Template::parse(text);
    return parsed ? parsed->fill(values) : std::string(text);
}

}  // namespace mailrota::policy
