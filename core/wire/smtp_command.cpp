#include "core/wire/smtp_command.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/mail/header_text.h"
#include "core/wire/smtp_parameters.h"

namespace mailrota::wire {

namespace {

constexpr std::size_t longest_path = 512;  // twice what RFC 5321 wants, for senders that carry a signature
constexpr std::string_view bad_sender = "501 5.1.7 bad sender address";
constexpr std::string_view bad_recipient = "501 5.1.3 bad recipient address";

constexpr std::array<std::pair<std::string_view, SmtpVerb>, 23> verbs = {{
    {"LHLO", SmtpVerb::lhlo},         {"EHLO", SmtpVerb::ehlo},   {"HELO", SmtpVerb::helo},
    {"MAIL", SmtpVerb::mail},         {"RCPT", SmtpVerb::rcpt},   {"DATA", SmtpVerb::data},
    {"BDAT", SmtpVerb::bdat},         {"RSET", SmtpVerb::rset},   {"NOOP", SmtpVerb::noop},
    {"VRFY", SmtpVerb::vrfy},         {"HELP", SmtpVerb::help},   {"QUIT", SmtpVerb::quit},
    {"STARTTLS", SmtpVerb::starttls}, {"AUTH", SmtpVerb::auth},   {"XFORWARD", SmtpVerb::xforward},
    {"EXPN", SmtpVerb::expn},         {"GET", SmtpVerb::http},    {"HEAD", SmtpVerb::http},
    {"POST", SmtpVerb::http},         {"PUT", SmtpVerb::http},    {"OPTIONS", SmtpVerb::http},
    {"CONNECT", SmtpVerb::http},      {"DELETE", SmtpVerb::http},
}};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// What stands in a local part or domain only in quotes or brackets.
bool is_special(char c) {
    constexpr std::string_view specials = "()<>[]:;@\\,\"";
    return !(c >= 'a' && c <= 'z') && specials.find(c) != std::string_view::npos;
}

std::size_t word_size(std::string_view text) {
    return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin());
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// Where the path at the front of `text` ends, after its '>'; nothing if it does not. Quotes may hide a '>'.
std::optional<std::size_t> path_end(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ' ' && !quoted) return std::nullopt;
        if (c == '"') quoted = !quoted;
        if (c == '\\' && quoted) ++i;
        if (c == '>' && !quoted) return i + 1;
    }
    return std::nullopt;
}

// Quotes around all of it, none within that has no backslash.
bool is_quoted(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    return end > 1 && end + 1 == text.size();
}

// A local part, quoted as a whole or with none of the marks that would need it. Dots may stand anywhere:
// there are mailboxes in use that have two in a row.
bool is_local_part(std::string_view local) {
    if (local.starts_with('"')) return is_quoted(local);
    return !local.empty() && std::none_of(local.begin(), local.end(), is_special);
}

bool is_domain(std::string_view domain) {
    if (domain.starts_with('[')) return domain.size() > 2 && domain.find(']') == domain.size() - 1;
    return !domain.empty() && std::none_of(domain.begin(), domain.end(), is_special);
}

// No more than the shape: which domains and mailboxes there are, the MTA knows.
bool is_mailbox(const mail::Address& address) {
    const bool qualified = address.local().size() < address.text().size();
    return is_local_part(address.local()) && (!qualified || is_domain(address.domain()));
}

}  // namespace

SmtpCommand parse_command(std::string_view line) {
    const std::size_t end = word_size(line);
    const auto* const known = std::find_if(verbs.begin(), verbs.end(), [&](const auto& verb) {
        return mail::same_name(verb.first, line.substr(0, end));
    });
    if (known == verbs.end()) return {};
    return {known->second, trim(line.substr(end))};
}

Understood<SmtpPath> parse_path(std::string_view argument, std::string_view keyword) {
    const bool sender = keyword == "FROM:";
    if (!mail::same_name(argument.substr(0, keyword.size()), keyword))
        return tl::unexpected(sender ? std::string_view("501 5.5.4 syntax: MAIL FROM:<address>")
                                     : std::string_view("501 5.5.4 syntax: RCPT TO:<address>"));
    const std::string_view rest = trim(argument.substr(keyword.size()));
    const tl::unexpected bad(sender ? bad_sender : bad_recipient);
    const auto end = rest.starts_with('<') ? path_end(rest) : std::nullopt;
    if (!end || *end > longest_path || (*end < rest.size() && rest[*end] != ' ')) return bad;
    if (std::any_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(*end), is_control)) return bad;
    SmtpPath path{mail::Address::from_envelope(rest.substr(0, *end)), {}};
    const bool null_path = path.address.raw() == "<>";
    if (null_path ? !sender : !is_mailbox(path.address)) return bad;
    for (const std::string_view word : split_words(rest.substr(*end))) path.parameters.emplace_back(word);
    if (!are_parameters(path.parameters))
        return tl::unexpected(std::string_view("501 5.5.4 malformed parameters"));
    return path;
}

std::optional<SmtpChunk> parse_chunk(std::string_view argument) {
    const auto words = split_words(argument);
    if (words.empty() || words.size() > 2) return std::nullopt;
    if (words.size() == 2 && !mail::same_name(words[1], "LAST")) return std::nullopt;
    const auto size = parse_number(words[0]);
    if (!size) return std::nullopt;
    return SmtpChunk{*size, words.size() == 2};
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (!(text = trim(text)).empty()) {
        const std::size_t end = word_size(text);
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

}  // namespace mailrota::wire
