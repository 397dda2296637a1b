#include "core/providers/phone_answer.h"

#include <algorithm>
#include <limits>

#include "core/mail/text_encoding.h"
#include "core/providers/answer_text.h"
#include "core/providers/phone_codes.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;

bool is_success(const HttpAnswer& answer) { return answer.status >= 200 && answer.status < 300; }

PhoneOutcome outcome_of_status(int status, PhoneOutcome unknown) {
    if (status == 429) return PhoneOutcome::temporary;
    if (status == 401 || status == 402 || status == 403) return PhoneOutcome::account;
    if (status == 408 || status == 409 || status == 425) return unknown;
    // A redirect is not followed; 404 and the like come from another server than the one that was meant.
    if (status >= 300 && status < 500) return PhoneOutcome::configuration;
    return unknown;
}

std::string words_of(const HttpAnswer& answer, int code, std::string_view message) {
    std::string words = code != 0 ? "error " + std::to_string(code) + ", " : std::string();
    words += "HTTP status " + std::to_string(answer.status);
    if (message.empty() && answer.body.starts_with('<')) return words + " with a page";
    const std::string told = clean_words(message);
    return told.empty() ? words : words + ": " + told;
}

// Success must name what it made: a proxy's page does not.
PhoneAnswer read_record(const HttpAnswer& answer, PhoneOutcome unknown) {
    if (!is_success(answer)) return refusal(answer, unknown);
    const auto body = read_json(answer.body);
    const auto record = body ? phone_record(*body) : std::nullopt;
    if (!record) return {unknown, {}, {}, {}, {}, 0, {}, "an answer that could not be read", false};
    PhoneAnswer result;
    result.outcome = PhoneOutcome::accepted;
    result.provider_id = record->id;
    result.status = record->status;
    result.answered_by = record->answered_by;
    result.code = record->code;
    result.words = record->words;
    return result;
}

}  // namespace

std::string short_words(std::string_view text, std::size_t most) {
    std::string words = clean_words(text);
    mail::cut_utf8(words, most);
    return words;
}

int phone_code_of(const json::value& value, std::string_view name) {
    const auto number = number_member(value, name);
    const auto code = number ? number : read_count(text_member(value, name));
    if (!code || *code < 0 || *code > std::numeric_limits<int>::max()) return 0;
    return static_cast<int>(*code);
}

std::optional<PhoneRecord> phone_record(const json::value& value) {
    const std::string_view id = text_member(value, "sid");
    if (id.empty() || id.size() > longest_phone_id || clean_words(id) != id) return std::nullopt;
    PhoneRecord record;
    record.id = id;
    record.status = short_words(text_member(value, "status"), longest_status);
    record.answered_by = short_words(text_member(value, "answered_by"), longest_status);
    record.code = phone_code_of(value, "error_code");
    record.words = clean_words(text_member(value, "error_message"));
    return record;
}

PhoneAnswer refusal(const HttpAnswer& answer, PhoneOutcome unknown) {
    const auto body = read_json(answer.body);
    const bool has_code = body && answer.status >= 400 && answer.status < 500;
    PhoneAnswer result;
    result.code = has_code ? phone_code_of(*body, "code") : 0;
    const PhoneCode* known = answer.status == 429 ? nullptr : phone_code(result.code);
    result.outcome = known != nullptr ? known->outcome : outcome_of_status(answer.status, unknown);
    result.may_pass = known != nullptr && known->may_pass;
    result.retry_after = wished_delay(answer);
    result.words = words_of(answer, result.code, body ? text_member(*body, "message") : std::string_view());
    return result;
}

PhoneAnswer Telephone::read_sent(const HttpAnswer& answer) {
    return read_record(answer, PhoneOutcome::uncertain);
}

PhoneAnswer Telephone::read_failure(const HttpFailure& failure) {
    PhoneAnswer result;
    result.outcome = failure.may_have_arrived ? PhoneOutcome::uncertain : PhoneOutcome::temporary;
    result.words = clean_words(failure.words);
    return result;
}

PhoneAnswer Telephone::read_cancelled(const HttpAnswer& answer) {
    PhoneAnswer result = read_record(answer, PhoneOutcome::temporary);
    const bool unknown_here = answer.status == 404 && result.code != 0;
    const bool not_so_now =
        (answer.status == 400 || answer.status == 409) && phone_code(result.code) == nullptr;
    if (unknown_here || not_so_now) result.outcome = PhoneOutcome::benign;
    return result;
}

PhoneAnswer Telephone::read_probe(const HttpAnswer& answer) {
    PhoneAnswer result = read_record(answer, PhoneOutcome::temporary);
    if (result.outcome != PhoneOutcome::accepted) return result;
    result.words = "account " + result.provider_id + ", " + (result.status.empty() ? "?" : result.status);
    if (result.status == "suspended" || result.status == "closed") result.outcome = PhoneOutcome::account;
    return result;
}

}  // namespace mailrota::providers
