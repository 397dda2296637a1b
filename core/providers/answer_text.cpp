#include "core/providers/answer_text.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "core/mail/dsn_text.h"
#include "core/mail/text_encoding.h"
#include "core/policy/fold.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using Kind = RecipientAnswer::Kind;

constexpr std::size_t deepest_json = 32;

bool is_page(const HttpAnswer& answer) {
    const std::string type = policy::folded(answer.header("Content-Type").substr(0, 9));
    return type == "text/html" || answer.body.starts_with('<');
}

std::string words_of_status(const HttpAnswer& answer) {
    const std::string status = "HTTP status " + std::to_string(answer.status);
    if (is_page(answer)) return status + " with an HTML page";
    const std::string body = clean_words(answer.body);
    return body.empty() ? status : status + ": " + body;
}

}  // namespace

std::string clean_words(std::string_view text) {
    constexpr std::size_t looked_at = 4 * longest_answer_words;
    std::string words(text.substr(0, looked_at + 4));
    mail::cut_utf8(words, looked_at);
    words = mail::one_line(words, looked_at);
    const auto both_blank = [](char left, char right) { return left == ' ' && right == ' '; };
    words.erase(std::unique(words.begin(), words.end(), both_blank), words.end());
    if (words.starts_with(' ')) words.erase(0, 1);
    mail::cut_utf8(words, longest_answer_words);
    if (words.ends_with(' ')) words.pop_back();
    return words;
}

std::optional<json::value> read_json(std::string_view body) {
    if (body.size() > longest_answer_json) return std::nullopt;
    json::parse_options options;
    options.max_depth = deepest_json;
    json::error_code error;
    json::value value = json::parse(json::string_view(body.data(), body.size()), error, {}, options);
    if (error) return std::nullopt;
    return value;
}

const json::value* member(const json::value& value, std::string_view name) {
    const json::object* object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(json::string_view(name.data(), name.size()));
}

std::string_view text_member(const json::value& value, std::string_view name) {
    const json::value* found = member(value, name);
    const json::string* text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

std::optional<std::int64_t> number_member(const json::value& value, std::string_view name) {
    const json::value* found = member(value, name);
    const std::int64_t* number = found == nullptr ? nullptr : found->if_int64();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

const json::array* array_member(const json::value& value, std::string_view name) {
    const json::value* found = member(value, name);
    return found == nullptr ? nullptr : found->if_array();
}

Answer answer_to_all(const Outgoing& mail, const RecipientAnswer& outcome) {
    Answer answer;
    answer.recipients.assign(mail.recipients.size(), outcome);
    return answer;
}

Answer accepted_by_all(const Outgoing& mail, std::string_view provider_id) {
    return answer_to_all(mail, {Kind::accepted, clean_words(provider_id), {}, {}});
}

Kind kind_of_status(int status) {
    constexpr std::array configuration{401, 402, 403, 404, 405, 407, 410, 415};
    if (status == 429) return Kind::temporary;
    if (status >= 300 && status < 400) return Kind::configuration;  // a wrong URL: no redirect is followed
    if (std::ranges::find(configuration, status) != configuration.end()) return Kind::configuration;
    if (status == 408 || status == 409 || status < 400 || status >= 500) return Kind::uncertain;
    return Kind::bad_message_here;
}

Answer answer_by_status(const Outgoing& mail, const HttpAnswer& answer, std::string_view words) {
    return answer_of_kind(mail, answer, kind_of_status(answer.status), words);
}

Answer answer_of_kind(const Outgoing& mail, const HttpAnswer& answer, Kind kind, std::string_view words) {
    const std::string told = clean_words(words);
    Answer result = answer_to_all(mail, {kind, {}, {}, told.empty() ? words_of_status(answer) : told});
    result.retry_after = wished_delay(answer);
    return result;
}

std::optional<std::int64_t> read_count(std::string_view text) {
    constexpr std::size_t longest = 9;
    const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > longest || !digits) return std::nullopt;
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

}  // namespace mailrota::providers
