#include <boost/json/array.hpp>

#include "core/mail/text_encoding.h"
#include "core/providers/answer_text.h"
#include "core/providers/phone_answer.h"

// What the provider tells of calls and messages when it is asked.
namespace mailrota::providers {
namespace {

namespace json = boost::json;
using Way = policy::Contact::Way;

constexpr std::size_t longest_number = 100;  // bytes: E.164, or "sip:ann@example.com"
constexpr std::size_t longest_body = 6400;   // bytes: 1,600 characters
constexpr std::size_t most_read = 1000;      // entries of one list

tl::unexpected<Error> not_read(const HttpAnswer& answer) {
    const PhoneAnswer refused = refusal(answer, PhoneOutcome::temporary);
    const bool passes = refused.outcome == PhoneOutcome::temporary;
    return passes ? unavailable(refused.words) : invalid(refused.words);
}

// A time of RFC 2822; 1970 if there is none, as of what waits still.
std::chrono::sys_seconds time_member(const json::value& value, std::string_view name) {
    return read_date(text_member(value, name)).value_or(std::chrono::sys_seconds{});
}

std::string number_text(const json::value& value, std::string_view name) {
    return short_words(text_member(value, name), longest_number);
}

// The entries of the list `name`, each told by `read`, which tells nothing of what it cannot use.
template <class Entry, class Read>
Result<std::vector<Entry>> read_entries(const HttpAnswer& answer, std::string_view name, Read read) {
    const auto body = answer.status == 200 ? read_json(answer.body) : std::nullopt;
    const json::array* values = body ? array_member(*body, name) : nullptr;
    if (answer.status != 200) return not_read(answer);
    if (values == nullptr) return unavailable("the list could not be read");
    std::vector<Entry> entries;
    for (const json::value& value : *values) {
        if (entries.size() == most_read) break;
        if (auto entry = read(value)) entries.push_back(std::move(*entry));
    }
    return entries;
}

std::optional<ListedCall> read_call(const json::value& value) {
    const auto record = phone_record(value);
    if (!record) return std::nullopt;
    return ListedCall{record->id, record->status, number_text(value, "from"), number_text(value, "to"),
                      time_member(value, "date_created")};
}

std::optional<ListedMessage> read_message(const json::value& value) {
    const auto record = phone_record(value);
    const std::string_view direction = text_member(value, "direction");
    if (!record || (!direction.empty() && direction != "inbound")) return std::nullopt;
    const auto sent = time_member(value, "date_sent");
    std::string body(text_member(value, "body"));
    mail::cut_utf8(body, longest_body);
    const bool unsaid = sent == std::chrono::sys_seconds{};
    return ListedMessage{record->id, number_text(value, "from"), number_text(value, "to"), std::move(body),
                         unsaid ? time_member(value, "date_created") : sent};
}

}  // namespace

Result<PhoneNews> Telephone::read_fetched(Way /*way*/, const HttpAnswer& answer) {
    if (answer.status != 200) return not_read(answer);
    const auto body = read_json(answer.body);
    const auto record = body ? phone_record(*body) : std::nullopt;
    if (!record || record->status.empty()) return unavailable("the answer could not be read");
    PhoneNews news;
    news.provider_id = record->id;
    news.status = record->status;
    news.answered_by = record->answered_by;
    news.code = record->code;
    news.words = record->words;
    return news;
}

Result<std::vector<ListedCall>> Telephone::read_list(Way way, const HttpAnswer& answer) {
    return read_entries<ListedCall>(answer, way == Way::call ? "calls" : "messages", read_call);
}

Result<std::vector<ListedMessage>> Telephone::read_received(const HttpAnswer& answer) {
    return read_entries<ListedMessage>(answer, "messages", read_message);
}

}  // namespace mailrota::providers
