#include "core/mail/address.h"

#include <algorithm>
#include <cctype>

#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t longest_address = 254;
constexpr std::string_view atext_marks = "!#$%&'*+-/=?^_`{|}~";

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// What may stand in a local part without quotes, dots aside (RFC 5322 atext, RFC 6532).
bool is_atext(char c) {
    return is_letter_or_digit(c) || is_beyond_ascii(c) || atext_marks.find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
    const bool dots_in_place = !text.empty() && text.front() != '.' && text.back() != '.' &&
                               text.find("..") == std::string_view::npos;
    return dots_in_place && std::ranges::all_of(text, [](char c) { return c == '.' || is_atext(c); });
}

// Where the quoted string that `text` begins with ends, after its closing quote; npos if it does not.
std::size_t quoted_end(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

// The position of the "@" that parts local part and domain; npos if there is no domain.
std::size_t at_position(std::string_view text) {
    if (text.starts_with('"')) {
        const std::size_t end = quoted_end(text);
        if (end == text.size()) {
            return std::string_view::npos;
        }
        if (end != std::string_view::npos && text[end] == '@') {
            return end;
        }
    }
    return text.rfind('@');
}

std::string unquoted(std::string_view quoted) {
    std::string out;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        i += quoted[i] == '\\' && i + 2 < quoted.size() ? 1U : 0U;
        out += quoted[i];
    }
    return out;
}

bool is_quoted(std::string_view local) {
    return local.size() >= 2 && quoted_end(local) == local.size() && local[0] == '"';
}

std::string make_key(std::string_view text) {
    const std::size_t at = std::min(at_position(text), text.size());
    std::string key(text.substr(0, at));
    if (is_quoted(key)) {
        std::string plain = unquoted(key);
        if (is_dot_atom(plain)) {
            key = std::move(plain);
        }
    }
    key += text.substr(at);
    std::ranges::transform(key, key.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return key;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Drops the relays of RFC 5321 appendix C: "@one,@two:a@b" is a@b.
std::string_view without_route(std::string_view text) {
    const std::size_t colon = text.starts_with('@') ? text.find(':') : std::string_view::npos;
    return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) {
               return is_letter_or_digit(c) || is_beyond_ascii(c) || c == '-' || c == '_';
           });
}

bool is_domain(std::string_view domain) {
    if (domain.size() > 2 && domain.front() == '[' && domain.back() == ']') {
        return std::ranges::all_of(domain.substr(1, domain.size() - 2), [](char c) {
            return is_letter_or_digit(c) || c == '.' || c == ':' || c == '-';
        });
    }
    while (true) {
        const std::size_t dot = domain.find('.');
        if (!is_label(domain.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        domain.remove_prefix(dot + 1);
    }
}

// What is wrong with an address as a whole; null if nothing.
const char* fault_of_bytes(std::string_view text) {
    if (text.empty()) {
        return "an address must not be empty";
    }
    if (text.size() > longest_address) {
        return "an address must not be longer than 254 bytes";
    }
    if (std::ranges::any_of(text, is_control)) {
        return "an address must not contain line breaks or other control characters";
    }
    return is_utf8(text) ? nullptr : "an address must be ASCII or UTF-8";
}

// What is wrong with the parts of an address whose bytes are sound; null if nothing.
const char* fault_of_parts(const Address& address) {
    const std::string_view local = address.local();
    if (address.text().front() == '<' || address.text().back() == '>') {
        return "is written without angle brackets";
    }
    if (at_position(address.text()) == std::string_view::npos) {
        return "has no \"@\" and domain";
    }
    if (local.empty()) {
        return "has nothing before its \"@\"";
    }
    if (address.domain().empty()) {
        return "has no domain after its \"@\"";
    }
    if (!is_quoted(local) && local.find_first_of(' ') != std::string_view::npos) {
        return "has a blank outside quotes";
    }
    if (!is_quoted(local) && !std::ranges::all_of(local, [](char c) { return c == '.' || is_atext(c); })) {
        return "has a character before its \"@\" that must stand in quotes";
    }
    return is_domain(address.domain()) ? nullptr : "has a domain that is none";
}

}  // namespace

Address Address::from_envelope(std::string_view raw) {
    Address address;
    address.raw_ = raw;
    std::string_view text = trimmed(raw);
    if (text.size() >= 2 && text.front() == '<' && text.back() == '>') {
        text = trimmed(text.substr(1, text.size() - 2));
    }
    address.text_ = without_route(text);
    address.key_ = make_key(address.text_);
    return address;
}

std::string_view Address::local() const { return std::string_view(text_).substr(0, at_position(text_)); }

std::string_view Address::domain() const {
    const std::size_t at = at_position(text_);
    return at == std::string_view::npos ? std::string_view() : std::string_view(text_).substr(at + 1);
}

Result<Address> parse_address(std::string_view text) {
    if (const char* fault = fault_of_bytes(text)) {
        return invalid(fault);
    }
    Address address;
    address.raw_ = text;
    address.text_ = text;
    address.key_ = make_key(text);
    if (const char* fault = fault_of_parts(address)) {
        return invalid("the address '" + std::string(text) + "' " + fault);
    }
    return address;
}

}  // namespace mailrota::mail
