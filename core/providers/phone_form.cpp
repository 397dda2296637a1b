#include "core/providers/phone_form.h"

#include <algorithm>
#include <utility>

#include "core/policy/fold.h"

namespace mailrota::providers {
namespace {

constexpr std::size_t longest_form = 100'000;  // bytes
constexpr std::size_t most_fields = 200;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool is_form_type(std::string_view type) {
    const std::string_view name = type.substr(0, type.find_first_of("; \t"));
    return policy::equal_folded(name, "application/x-www-form-urlencoded");
}

std::string_view query_of(std::string_view url) {
    url = url.substr(0, url.find('#'));
    const std::size_t mark = url.find('?');
    return mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
}

Result<Form> read_form(std::string_view text) {
    if (text.size() > longest_form) return invalid("the form is longer than 100,000 bytes");
    Form form;
    while (!text.empty()) {
        const std::string_view field = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), field.size() + 1));
        if (field.empty()) continue;
        if (form.size() == most_fields) return invalid("the form has more than 200 fields");
        const std::string_view name = field.substr(0, field.find('='));
        auto decoded_name = percent_decoded(name);
        auto value = percent_decoded(field.substr(std::min(field.size(), name.size() + 1)));
        if (!decoded_name || !value) return invalid("the form has a \"%\" without two hexadecimal digits");
        form.emplace_back(std::move(*decoded_name), std::move(*value));
    }
    return form;
}

}  // namespace

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4U];
        encoded += digits[byte & 15U];
    }
    return encoded;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at] == '+' ? ' ' : text[at];
            continue;
        }
        if (text.size() - at < 3) return std::nullopt;
        const int high = hex_value(text[at + 1]);
        const int low = hex_value(text[at + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(16 * high + low);
        at += 2;
    }
    return decoded;
}

std::string form_text(const Form& form) {
    std::string text;
    for (const auto& [name, value] : form) {
        if (!text.empty()) text += '&';
        text += percent_encoded(name) + '=' + percent_encoded(value);
    }
    return text;
}

Result<Form> callback_form(const CallbackRequest& request) {
    if (request.method == "GET") return read_form(query_of(request.url));
    if (request.method != "POST") return invalid("a callback is asked for by GET or POST");
    if (!is_form_type(request.type) && !(request.type.empty() && request.body.empty()))
        return invalid("the callback's body is no form");
    return read_form(request.body);
}

std::string_view value_of(const Form& form, std::string_view name) {
    const auto found =
        std::find_if(form.begin(), form.end(), [name](const auto& field) { return field.first == name; });
    return found == form.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace mailrota::providers
