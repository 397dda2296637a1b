#pragma once

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/decide.h"

// Samples for the tests of this folder: mails, conditions and rules in one line each.
namespace mailrota::policy::sample {

inline mail::Envelope envelope(std::string_view sender, std::initializer_list<std::string_view> recipients) {
    mail::Envelope envelope;
    envelope.sender = mail::Address::from_envelope(sender);
    for (const auto recipient : recipients)
        envelope.recipients.push_back({mail::Address::from_envelope(recipient), {}});
    return envelope;
}

inline mail::Mail mail(std::initializer_list<std::string_view> recipients,
                       std::string bytes = "Subject: Hello\n\nHi.\n") {
    mail::Mail mail;
    mail.queue_id = "4XyZ";
    mail.envelope = envelope("alice@example.com", recipients);
    mail.message = mail::Message::from_bytes(std::move(bytes));
    mail.origin.listener = "inbound";
    mail.arrived =
        std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));  // Tue 2023-11-14 22:13:20 UTC
    return mail;
}

inline Pattern pattern(std::string_view text, PatternLimits limits = {}) {
    auto compiled = Pattern::compile(text, limits);
    if (!compiled) throw std::runtime_error(compiled.error().text);
    return *compiled;
}

inline Condition field(Field field, std::vector<Matcher> any_of, std::string header = {}) {
    return {FieldTest{field, std::move(header), std::move(any_of)}};
}
inline Condition rcpt(std::string_view text) { return field(Field::rcpt, {Exact{std::string(text)}}); }
inline Condition sender(std::string_view text) { return field(Field::sender, {Exact{std::string(text)}}); }
inline Condition subject(std::string_view glob) { return field(Field::subject, {Glob{std::string(glob)}}); }
inline Condition all(std::vector<Condition> of) { return {All{std::move(of)}}; }
inline Condition any(std::vector<Condition> of) { return {Any{std::move(of)}}; }
inline Condition negated(Condition of) { return {Not{std::make_shared<const Condition>(std::move(of))}}; }
inline Condition always() { return all({}); }

// A test of the sender against a list whose file is away: it may pass.
inline Condition passing() {
    return field(Field::sender,
                 {InList{std::make_shared<const NamedList>(NamedList::unreadable("vips", "no such file"))}});
}
// A test of the sender that hits a match limit.
inline Condition limited() {
    return field(Field::sender, {pattern("/^(\\w+)+[!#]/", PatternLimits{5, 5, 100})});
}

inline Rule rule(std::string name, Condition when, std::vector<Action> then) {
    Rule rule;
    rule.name = std::move(name);
    rule.when = std::move(when);
    rule.then = std::move(then);
    rule.where = "mailrota.toml:1";
    return rule;
}

inline Rota rota(std::string name, std::vector<std::string> addresses) {
    Rota rota;
    rota.name = std::move(name);
    rota.addresses = std::move(addresses);
    return rota;
}

inline Reject reject(std::string text) { return {Reply{550, "5.7.1", std::move(text)}}; }
inline Defer defer(std::string text) { return {Reply{451, "4.7.1", std::move(text)}}; }

}  // namespace mailrota::policy::sample
