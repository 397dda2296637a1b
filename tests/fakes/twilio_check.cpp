#include "tests/fakes/twilio_check.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "tests/fakes/twilio_error.h"

namespace mailrota::fakes {

namespace {

using Kind = FormRule::Kind;

bool is_within(const std::string& text, long least, long most) {
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
}

bool fits(const FormRule& rule, const std::string& value) {
    const auto length = static_cast<long>(length_of(value));
    switch (rule.kind) {
        case Kind::text:
            return length >= rule.least && length <= rule.most;
        case Kind::url:
        case Kind::callback:
            return is_public_url(value);
        case Kind::method:
            return value == "GET" || value == "POST";
        case Kind::number:
            return is_within(value, rule.least, rule.most);
        case Kind::boolean:
            return value == "true" || value == "false";
        case Kind::word:
        case Kind::words:
            return rule.words.empty() ||
                   std::find(rule.words.begin(), rule.words.end(), value) != rule.words.end();
    }
    return false;
}

std::optional<Reply> check_field(const std::vector<FormRule>& rules, const std::string& name,
                                 const std::string& value, std::set<std::string>& seen) {
    const auto rule =
        std::find_if(rules.begin(), rules.end(), [&](const FormRule& one) { return one.name == name; });
    if (rule == rules.end()) return twilio_error(20001, "Unknown parameter " + name);
    if (!seen.insert(name).second && rule->kind != Kind::words)
        return twilio_error(20422, "Parameter " + name + " is given twice");
    if (!fits(*rule, value)) return twilio_error(rule->code, twilio_words(rule->code) + ": " + name);
    return {};
}

int code_at(const std::map<std::string, int>& codes, const std::string& number) {
    const auto found = codes.find(number);
    return found == codes.end() ? 0 : found->second;
}

}  // namespace

std::size_t length_of(const std::string& utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_e164(const std::string& number) {
    return number.size() >= 8 && number.size() <= 16 && number[0] == '+' && number[1] != '0' &&
           number.find_first_not_of("0123456789", 1) == std::string::npos;
}

bool is_public_url(const std::string& url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
    if (url.find_first_of(" \t\r\n") != std::string::npos) return false;
    const auto start = url.find("://") + 3;
    auto authority = url.substr(start, url.find_first_of("/?#", start) - start);
    if (const auto at = authority.rfind('@'); at != std::string::npos) authority.erase(0, at + 1);
    const auto host = authority.substr(0, authority.find(':'));
    const auto legal = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.';
    };
    return !host.empty() && std::all_of(host.begin(), host.end(), legal);
}

std::optional<Reply> read_form(const Request& request, const std::vector<FormRule>& rules, Fields& fields) {
    const auto type = small_letters(request.header("Content-Type"));
    if (!type.starts_with("application/x-www-form-urlencoded"))
        return twilio_error(20422, "The body is not application/x-www-form-urlencoded");
    if (!request.query.empty()) return twilio_error(20001, "Parameters belong into the body");
    fields = parse_urlencoded(request.body);
    std::set<std::string> seen;
    for (const auto& [name, value] : fields)
        if (auto refused = check_field(rules, name, value, seen)) return refused;
    return {};
}

std::optional<Reply> check_call_numbers(const PhoneAccount& account, const Fields& fields) {
    const auto to = find_field(fields, "To").value_or("");
    const auto from = find_field(fields, "From").value_or("");
    if (to.empty()) return twilio_error(21201);
    if (from.empty()) return twilio_error(21213);
    const bool to_address = to.starts_with("sip:") || to.starts_with("client:");
    const auto is_number = [](const std::string& text) {
        return text.starts_with('+') && text.find_first_not_of("0123456789", 1) == std::string::npos;
    };
    if (!to_address && !is_number(to)) return twilio_error(21211, twilio_words(21211) + ": " + to);
    if (!to_address && !is_e164(to)) return twilio_error(21217, twilio_words(21217) + ": " + to);
    if (!to_address && !is_e164(from)) return twilio_error(21212, twilio_words(21212) + ": " + from);
    if (is_e164(from) && !account.numbers.empty() && !account.numbers.contains(from))
        return twilio_error(21210, twilio_words(21210) + ": " + from);
    for (const auto* codes : {&account.refused, &account.refused_calls})
        if (const int code = code_at(*codes, to); code != 0) return twilio_error(code);
    if (account.trial && !account.verified.contains(to)) return twilio_error(21219);
    return {};
}

std::optional<Reply> check_message_numbers(const PhoneAccount& account, const Fields& fields) {
    const auto to = find_field(fields, "To").value_or("");
    const auto from = find_field(fields, "From").value_or("");
    const bool service = !find_field(fields, "MessagingServiceSid").value_or("").empty();
    if (to.empty()) return twilio_error(21604);
    if (from.empty() && !service) return twilio_error(21603);
    if (!is_e164(to)) return twilio_error(21211, twilio_words(21211) + ": " + to);
    if (!from.empty() && !is_e164(from)) return twilio_error(21212, twilio_words(21212) + ": " + from);
    if (to == from) return twilio_error(21266);
    if (!from.empty() && !account.numbers.empty() && !account.numbers.contains(from))
        return twilio_error(21606, twilio_words(21606) + ": " + from);
    for (const auto* codes : {&account.refused, &account.refused_messages})
        if (const int code = code_at(*codes, to); code != 0) return twilio_error(code);
    if (account.trial && !account.verified.contains(to)) return twilio_error(21608);
    if (account.stopped.contains(to)) return twilio_error(21610);
    return {};
}

}  // namespace mailrota::fakes
