#include "core/providers/postmark_answer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"

namespace mailrota::providers {
namespace {

using Kind = RecipientAnswer::Kind;

// What one of Postmark's own error codes means; nothing for one that is not known.
std::optional<Kind> kind_of_code(std::int64_t code, std::string_view words) {
    constexpr std::array<std::int64_t, 5> bad_message{402, 403, 409, 410, 411};
    constexpr std::array<std::int64_t, 6> configuration{10, 400, 401, 405, 412, 413};
    constexpr std::int64_t first_of_streams = 1200;
    constexpr std::int64_t last_of_streams = 1299;
    if (code == 300) {
        const bool of_file = policy::folded(words).find("attachment") != std::string::npos;
        return of_file ? Kind::bad_message_here : Kind::bad_message;
    }
    if (code == 406) return Kind::bad_recipient;
    if (code == 100 || code == 429) return Kind::temporary;
    if (std::ranges::find(bad_message, code) != bad_message.end()) return Kind::bad_message;
    if (std::ranges::find(configuration, code) != configuration.end()) return Kind::configuration;
    if (code >= first_of_streams && code <= last_of_streams) return Kind::configuration;
    return std::nullopt;
}

bool may_stand_in_address(char c) {
    constexpr std::string_view marks = "!#$%&*+-/=?^_`{|}~.@";
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
}

// True if `text` (folded) has `address` as a whole, not as the end of another.
bool names(std::string_view text, std::string_view address) {
    for (std::size_t at = text.find(address); at != std::string_view::npos; at = text.find(address, at + 1)) {
        const std::size_t end = at + address.size();
        const bool begins = at == 0 || !may_stand_in_address(text[at - 1]);
        // A full stop may end the sentence.
        const bool goes_on = end < text.size() && may_stand_in_address(text[end]) &&
                             !(text[end] == '.' && (end + 1 == text.size() || text[end + 1] == ' '));
        if (begins && !goes_on) return true;
    }
    return false;
}

// Which recipients the words name, in small letters as Postmark does.
std::vector<bool> named_recipients(const Outgoing& mail, std::string_view words) {
    constexpr std::size_t longest = 20'000;  // fifty addresses
    const std::string text = policy::folded(words.substr(0, longest));
    std::vector<bool> named;
    for (const std::string& each : mail.recipients) named.push_back(names(text, policy::folded(each)));
    return named;
}

// Where the words are about recipients, those whom they name are refused; the others were not sent to and may
// try again.
Answer bad_recipients(const Outgoing& mail, const HttpAnswer& answer, std::string_view words, bool inactive) {
    const std::vector<bool> named = named_recipients(mail, words);
    const bool any = std::ranges::find(named, true) != named.end();
    const RecipientAnswer bad{Kind::bad_recipient, {}, inactive ? "5.7.1" : "5.1.3", clean_words(words)};
    if (!any && mail.recipients.size() == 1) return answer_to_all(mail, bad);
    Answer result = answer_of_kind(mail, answer, Kind::unsent, words);
    for (std::size_t at = 0; at < named.size(); ++at) {
        if (named[at]) result.recipients[at] = bad;
    }
    return result;
}

bool is_about_recipient(std::string_view words) {
    const std::string text = policy::folded(words);
    return std::ranges::any_of(std::array{"'to'", "'cc'", "'bcc'"},
                               [&text](const char* field) { return text.find(field) != std::string::npos; });
}

// 200 with an id: sent, but not to those whom the words call inactive.
Answer accepted(const Outgoing& mail, std::string_view id, std::string_view words) {
    Answer result = accepted_by_all(mail, id);
    if (policy::folded(words).find("inactive") == std::string::npos) return result;
    const std::vector<bool> named = named_recipients(mail, words);
    for (std::size_t at = 0; at < named.size(); ++at) {
        if (named[at]) result.recipients[at] = {Kind::bad_recipient, {}, "5.7.1", clean_words(words)};
    }
    return result;
}

Answer refused_by_code(const Outgoing& mail, const HttpAnswer& answer, std::int64_t code,
                       std::string_view words) {
    const bool inactive = code == 406;
    if (inactive || (code == 300 && is_about_recipient(words))) {
        return bad_recipients(mail, answer, words, inactive);
    }
    const Kind kind = kind_of_code(code, words).value_or(Kind::bad_message_here);
    Answer result = answer_of_kind(mail, answer, kind, words);
    result.of_domain = code == 400 || code == 401;  // the sender's signature or domain is not confirmed
    return result;
}

}  // namespace

Answer read_postmark(const Outgoing& mail, const HttpAnswer& answer) {
    const auto body = read_json(answer.body);
    const std::string_view words = body ? text_member(*body, "Message") : std::string_view();
    constexpr std::int64_t unsaid = -1;
    const std::int64_t code = body ? number_member(*body, "ErrorCode").value_or(unsaid) : unsaid;
    if (answer.status == 503) return answer_of_kind(mail, answer, Kind::temporary, words);
    const bool told = answer.status == 200 || answer.status == 400 || answer.status == 422;
    if (told && code != unsaid && code != 0) return refused_by_code(mail, answer, code, words);
    const std::string_view id = body ? text_member(*body, "MessageID") : std::string_view();
    if (answer.status == 200 && code == 0 && !id.empty()) return accepted(mail, id, words);
    return answer_by_status(mail, answer, words);
}

}  // namespace mailrota::providers
