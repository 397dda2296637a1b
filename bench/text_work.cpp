#include "bench/text_work.h"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <stdexcept>

#include "bench/plain_patterns.h"
#include "bench/text_rules.h"
#include "core/mail/gmime_library.h"
#include "core/policy/decide.h"

namespace mailrota::bench {

namespace {

constexpr int many = 1000;

void expect(std::size_t found, std::size_t expected, const char* what) {
    if (found != expected)
        throw std::runtime_error(fmt::format("{} {} instead of {}", found, what, expected));
}

void decode_part(GMimeObject*, GMimeObject* part, gpointer decoded) {
    if (!GMIME_IS_TEXT_PART(part)) return;
    const mail::StringPtr text(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
    if (text) *static_cast<std::size_t*>(decoded) += std::string_view(text.get()).size();
}

// The floor: GMime alone, as its own programs would do it.
void parse_with_gmime(const std::string& bytes) {
    const mail::ObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const mail::ObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const mail::ObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    if (!message) throw std::runtime_error("GMime finds no message");
    std::size_t decoded = 0;
    g_mime_message_foreach(message.get(), decode_part, &decoded);
    if (decoded == 0) throw std::runtime_error("GMime finds no text");
}

mail::Mail received(std::string bytes) {
    mail::Mail mail;
    mail.envelope.sender = mail::Address::from_envelope("emil@example.net");
    mail.envelope.recipients.push_back({mail::Address::from_envelope("support@example.com"), {}});
    mail.message = mail::Message::from_bytes(std::move(bytes));
    return mail;
}

void classify(std::string bytes) {
    if (mail::Message::from_bytes(std::move(bytes)).classified().front().lines.empty())
        throw std::runtime_error("the mail has no lines");
}

TextWork deciding(std::string name, const std::vector<RuleText>& rules, std::size_t triggers) {
    const auto policy = std::make_shared<const policy::Policy>(policy_of(rules));
    return {std::move(name), [policy, triggers](std::string bytes) {
                const auto decision = policy::decide(*policy, received(std::move(bytes)), {});
                expect(decision.triggers.size(), triggers, "alerts");
            }};
}

std::vector<RuleText> one_of_many() {
    auto rules = alert_rules(many);
    rules[many / 2] = matching_rule();
    return rules;
}

enum class Over { text, bytes };

TextWork searching(std::string name, int rules, const TextMail& mail, Over over) {
    const auto patterns = std::make_shared<const PlainPatterns>(alert_rules(rules));
    const auto message = mail::Message::from_bytes(mail.bytes);
    if (message.text().truncated) throw std::runtime_error(mail.name + " has more text than is decoded");
    return {std::move(name), [=](const std::string& bytes) {
                const std::string_view text = over == Over::text ? message.text().utf8 : bytes;
                expect(patterns->matches(text, message.subject()), 0, "matches");
            }};
}

}  // namespace

std::size_t text_bytes(const TextMail& mail) {
    return mail::Message::from_bytes(mail.bytes).text().utf8.size();
}

TextWork text_work(const TextMail& mail, TextVariant variant) {
    mail::ensure_gmime();
    switch (variant) {
        case TextVariant::gmime:
            return {"GMime: parse, decode text parts", parse_with_gmime};
        case TextVariant::no_rules:
            return {"mailrota: decode, classify", classify};
        case TextVariant::ten_rules:
            return deciding("mailrota: decide, 10 rules", alert_rules(10), 0);
        case TextVariant::many_rules:
            return deciding("mailrota: decide, 1,000 rules", alert_rules(many), 0);
        case TextVariant::one_matches:
            return deciding("mailrota: decide, one of 1,000 matches", one_of_many(), 1);
        case TextVariant::ten_on_text:
            return searching("PCRE2 on the text, 10 patterns", 10, mail, Over::text);
        case TextVariant::many_on_text:
            return searching("PCRE2 on the text, 1,000 patterns", many, mail, Over::text);
        case TextVariant::ten_on_bytes:
            return searching("PCRE2 on the bytes, 10 patterns", 10, mail, Over::bytes);
        case TextVariant::many_on_bytes:
            return searching("PCRE2 on the bytes, 1,000 patterns", many, mail, Over::bytes);
    }
    throw std::logic_error("no such variant");
}

}  // namespace mailrota::bench
