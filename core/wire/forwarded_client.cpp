#include "core/wire/forwarded_client.h"

#include <algorithm>

#include "core/mail/header_text.h"
#include "core/wire/smtp_command.h"
#include "core/wire/xtext.h"

namespace mailrota::wire {

namespace {

using mail::same_name;

constexpr std::size_t longest_value = 255;

bool is_unknown(std::string_view value) {
    return same_name(value, "[UNAVAILABLE]") || same_name(value, "[TEMPUNAVAIL]");
}

std::string without_ipv6_prefix(std::string_view ip) {
    constexpr std::string_view prefix = "IPv6:";
    return std::string(same_name(ip.substr(0, prefix.size()), prefix) ? ip.substr(prefix.size()) : ip);
}

}  // namespace

std::optional<std::string_view> ForwardedClient::update(std::string_view argument) {
    ForwardedClient next = *this;
    const auto words = split_words(argument);
    if (words.empty()) return "501 5.5.4 syntax: XFORWARD attribute=value";
    for (const std::string_view word : words) {
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos) return "501 5.5.4 syntax: XFORWARD attribute=value";
        auto value = decode_xtext(word.substr(equals + 1));
        if (!value || value->empty() || value->size() > longest_value) return "501 5.5.4 bad attribute value";
        // A remote client chose some of these words, and they will stand in logs.
        std::replace_if(
            value->begin(), value->end(),
            [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
        if (!next.set(word.substr(0, equals), std::move(*value))) return "501 5.5.4 attribute not recognized";
    }
    *this = std::move(next);
    return std::nullopt;
}

bool ForwardedClient::set(std::string_view name, std::string value) {
    const bool unknown = is_unknown(value);
    if (same_name(name, "NAME")) {
        name_ = unknown ? "unknown" : std::move(value);
    } else if (same_name(name, "ADDR")) {
        ip_ = unknown ? std::string() : without_ipv6_prefix(value);
    } else if (same_name(name, "HELO")) {
        helo_ = unknown ? std::string() : std::move(value);
    } else if (same_name(name, "IDENT")) {
        queue_id_ = unknown ? std::string() : std::move(value);
    } else if (same_name(name, "SOURCE")) {
        local_ = same_name(value, "LOCAL");
    } else {
        return same_name(name, "PORT") || same_name(name, "PROTO");
    }
    return true;
}

void ForwardedClient::overlay(mail::Envelope& envelope) const {
    if (ip_) envelope.client.ip = *ip_;
    if (name_) envelope.client.name = *name_;
    if (helo_) envelope.client.helo = *helo_;
    if (local_) envelope.route = mail::Route::local;
}

}  // namespace mailrota::wire
