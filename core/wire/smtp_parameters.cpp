#include "core/wire/smtp_parameters.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/mail/header_text.h"
#include "core/wire/xtext.h"

namespace mailrota::wire {

namespace {

using mail::same_name;

constexpr std::string_view not_understood = "555 5.5.4 parameter not recognized";
constexpr std::string_view bad_value = "501 5.5.4 bad parameter value";
constexpr std::size_t most_parameters = 20;
constexpr std::size_t longest_envelope_id = 100;   // RFC 3461 section 4.4
constexpr std::size_t longest_recipient_id = 500;  // RFC 3461 section 4.2

struct Parameter {
    std::string_view name;
    std::optional<std::string_view> value;
};

Parameter split(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return {text, std::nullopt};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

bool is_keyword(std::string_view name) {
    return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool is_value(std::string_view value) {
    return !value.empty() && std::none_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    });
}

bool is_xtext(std::string_view text, std::size_t most) {
    return text.size() <= most && decode_xtext(text).has_value();
}

// "NEVER", or any of the others, with commas between (RFC 3461 section 4.1).
bool is_notify(std::string_view value) {
    if (same_name(value, "NEVER")) return true;
    for (bool more = true; more;) {
        const std::size_t comma = value.find(',');
        const std::string_view word = value.substr(0, comma);
        if (!same_name(word, "SUCCESS") && !same_name(word, "FAILURE") && !same_name(word, "DELAY"))
            return false;
        more = comma != std::string_view::npos;
        if (more) value.remove_prefix(comma + 1);
    }
    return true;
}

// "rfc822;…": an address type and an address as xtext.
bool is_original_recipient(std::string_view value) {
    const std::size_t semicolon = value.find(';');
    return semicolon != std::string_view::npos && is_keyword(value.substr(0, semicolon)) &&
           semicolon + 1 < value.size() && is_xtext(value.substr(semicolon + 1), longest_recipient_id);
}

std::optional<std::string_view> object_to_size(std::string_view value, const SmtpParameterRules& rules,
                                               SmtpSenderFacts& facts) {
    const auto size = parse_number(value);
    if (!size) return bad_value;
    facts.size = *size;
    if (*size > rules.max_size) return "552 5.3.4 message too big";
    return std::nullopt;
}

// Nothing if the value fits.
std::optional<std::string_view> accept(bool fits) { return fits ? std::nullopt : std::optional(bad_value); }

std::optional<std::string_view> object_to_sender(const Parameter& parameter, const SmtpParameterRules& rules,
                                                 SmtpSenderFacts& facts) {
    const auto& [name, value] = parameter;
    const std::string_view text = value.value_or("");
    if (same_name(name, "SIZE")) return object_to_size(text, rules, facts);
    if (same_name(name, "BODY")) {
        if (same_name(text, "BINARYMIME")) return "555 5.5.4 BINARYMIME is not supported";
        return accept(same_name(text, "7BIT") || same_name(text, "8BITMIME"));
    }
    if (same_name(name, "SMTPUTF8")) {
        facts.smtputf8 = true;
        return accept(!value);
    }
    if (rules.dsn && same_name(name, "RET"))
        return accept(same_name(text, "FULL") || same_name(text, "HDRS"));
    if (rules.dsn && same_name(name, "ENVID")) return accept(value && is_xtext(text, longest_envelope_id));
    if (rules.auth && same_name(name, "AUTH")) return accept(value && is_xtext(text, longest_recipient_id));
    return not_understood;
}

std::optional<std::string_view> object_to_recipient(const Parameter& parameter,
                                                    const SmtpParameterRules& rules) {
    const auto& [name, value] = parameter;
    if (rules.dsn && same_name(name, "NOTIFY")) return accept(value && is_notify(*value));
    if (rules.dsn && same_name(name, "ORCPT")) return accept(value && is_original_recipient(*value));
    return not_understood;
}

}  // namespace

bool are_parameters(const std::vector<std::string>& parameters) {
    if (parameters.size() > most_parameters) return false;
    for (auto each = parameters.begin(); each != parameters.end(); ++each) {
        const auto [name, value] = split(*each);
        if (!is_keyword(name) || (value && !is_value(*value))) return false;
        const auto same = [this_name = name](const std::string& other) {
            return same_name(split(other).name, this_name);
        };
        if (std::any_of(parameters.begin(), each, same)) return false;
    }
    return true;
}

Understood<SmtpSenderFacts> read_sender_parameters(const std::vector<std::string>& parameters,
                                                   const SmtpParameterRules& rules) {
    SmtpSenderFacts facts;
    for (const std::string& parameter : parameters)
        if (const auto objection = object_to_sender(split(parameter), rules, facts))
            return tl::unexpected(*objection);
    return facts;
}

std::optional<std::string_view> object_to_recipient_parameters(const std::vector<std::string>& parameters,
                                                               const SmtpParameterRules& rules) {
    for (const std::string& parameter : parameters)
        if (const auto objection = object_to_recipient(split(parameter), rules)) return objection;
    return std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    if (digits.empty() || digits.size() > 20) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (end != digits.data() + digits.size()) return std::nullopt;
    return error == std::errc::result_out_of_range ? std::numeric_limits<std::uint64_t>::max() : number;
}

}  // namespace mailrota::wire
