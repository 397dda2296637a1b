#include "core/wire/handout_json.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "core/mail/text_encoding.h"

namespace mailrota::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 4096;
constexpr std::size_t deepest = 8;

// The number of digits at the front of `text`, taken off it; nothing if they are not all digits.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
    unsigned number = 0;
    const std::string_view digits = text.substr(0, count);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (fault != std::errc() || end != digits.data() + count) return std::nullopt;
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, char c) {
    const bool there = text.starts_with(c);
    text.remove_prefix(there ? 1 : 0);
    return there;
}

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
    unsigned numbers[6] = {};
    constexpr std::string_view after = "--T::Z";
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto number = take_digits(text, i == 0 ? 4 : 2);
        if (!number || !take(text, after[i])) return std::nullopt;
        numbers[i] = *number;
    }
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(numbers[0])),
                                           std::chrono::month(numbers[1]), std::chrono::day(numbers[2])};
    if (!text.empty() || !date.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(numbers[3]) + std::chrono::minutes(numbers[4]) +
           std::chrono::seconds(numbers[5]);
}

}  // namespace

std::string time_text(std::chrono::sys_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string clean_utf8(std::string_view text) {
    std::string copy(text);
    return mail::is_utf8(copy) ? copy : mail::to_utf8("utf-8", std::move(copy));
}

Result<json::object> parse_object(std::string_view text) {
    json::parse_options options;
    options.max_depth = deepest;
    boost::system::error_code broken;
    json::value value = json::parse(text, broken, {}, options);
    if (broken) return invalid("no valid JSON: " + broken.message());
    if (!value.is_object()) return invalid("the JSON is no object");
    return std::move(value.get_object());
}

void JsonObject::refuse(std::string_view key, std::string_view wanted) {
    if (fault_.empty()) fault_ = fmt::format("\"{}\" must be {}", key, wanted);
}

const json::value* JsonObject::find(std::string_view key) { return object_.if_contains(key); }

std::string JsonObject::read_text(std::string_view key, const json::value& value) {
    const json::string* text = value.if_string();
    if (text == nullptr || text->size() > longest_text || text->find('\0') != json::string::npos) {
        refuse(key, "text of at most 4096 bytes");
        return {};
    }
    return {text->data(), text->size()};
}

std::string JsonObject::text(std::string_view key) {
    if (find(key) == nullptr) refuse(key, "there");
    return optional_text(key);
}

std::string JsonObject::optional_text(std::string_view key) {
    const json::value* value = find(key);
    return value == nullptr ? std::string() : read_text(key, *value);
}

std::uint64_t JsonObject::number(std::string_view key) {
    if (find(key) == nullptr) refuse(key, "there");
    return optional_number(key, 0);
}

std::uint64_t JsonObject::optional_number(std::string_view key, std::uint64_t fallback, std::uint64_t most) {
    const json::value* value = find(key);
    if (value == nullptr) return fallback;
    boost::system::error_code not_exact;
    const auto number = value->is_number() ? value->to_number<std::uint64_t>(not_exact) : std::uint64_t{0};
    if (!value->is_number() || not_exact || number > most) {
        refuse(key, fmt::format("a whole number from 0 to {}", most));
        return fallback;
    }
    return number;
}

std::chrono::sys_seconds JsonObject::time(std::string_view key) {
    const auto parsed = parse_time(text(key));
    if (!parsed) refuse(key, "a time like 2024-02-29T23:05:09Z");
    return parsed.value_or(std::chrono::sys_seconds{});
}

const json::array* JsonObject::array(std::string_view key, std::size_t most) {
    const json::value* value = find(key);
    const json::array* items = value == nullptr ? nullptr : value->if_array();
    if (items != nullptr && items->size() <= most) return items;
    refuse(key, fmt::format("an array of at most {}", most));
    return nullptr;
}

std::vector<std::string> JsonObject::optional_texts(std::string_view key, std::size_t most) {
    std::vector<std::string> texts;
    const json::array* items = find(key) == nullptr ? nullptr : array(key, most);
    if (items == nullptr) return texts;
    for (const json::value& item : *items) texts.push_back(read_text(key, item));
    return texts;
}

}  // namespace mailrota::wire
