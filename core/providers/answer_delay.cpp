#include <algorithm>
#include <array>

#include "core/policy/fold.h"
#include "core/providers/answer_text.h"

// How long a provider wants us to wait.
namespace mailrota::providers {
namespace {

constexpr std::chrono::seconds longest_delay = std::chrono::days{1};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

// The next word of `text`, which is shortened; words end at blanks, commas and colons.
std::string_view take_word(std::string_view& text) {
    constexpr std::string_view separators = " ,:";
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(separators));
    text.remove_prefix(word.size());
    return word;
}

std::optional<std::chrono::month> read_month(std::string_view name) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto same = [name](std::string_view month) { return policy::equal_folded(name, month); };
    const auto* found = std::find_if(months.begin(), months.end(), same);
    if (found == months.end()) return std::nullopt;
    return std::chrono::month(static_cast<unsigned>(found - months.begin()) + 1);
}

std::optional<std::chrono::seconds> read_clock(std::string_view& text) {
    const auto hours = read_count(take_word(text));
    const auto minutes = read_count(take_word(text));
    const auto seconds = read_count(take_word(text));
    if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds);
}

std::chrono::seconds bounded(std::chrono::seconds delay) {
    return std::clamp(delay, std::chrono::seconds(0), longest_delay);
}

// From the answer's own Date until `time`; 0 without one.
std::chrono::seconds until(const HttpAnswer& answer, std::chrono::sys_seconds time) {
    const auto date = read_date(answer.header("Date"));
    return date ? bounded(time - *date) : std::chrono::seconds(0);
}

std::optional<std::int64_t> read_epoch(std::string_view text) {
    constexpr std::size_t digits = 10;
    if (text.size() != digits) return read_count(text);
    const auto high = read_count(text.substr(0, 5));
    const auto low = read_count(text.substr(5));
    return high && low ? std::optional(*high * 100'000 + *low) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::sys_seconds> read_date(std::string_view text) {
    take_word(text);  // the weekday
    const auto day = read_count(take_word(text));
    const auto month = read_month(take_word(text));
    const std::string_view year_text = take_word(text);
    const auto year = read_count(year_text);
    const auto clock = read_clock(text);
    const std::string_view zone = take_word(text);
    const bool universal = zone == "GMT" || zone == "UTC" || zone == "+0000";
    if (!day || *day > 31 || !month || !year || year_text.size() != 4 || !clock || !universal) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), *month,
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + *clock;
}

std::chrono::seconds wished_delay(const HttpAnswer& answer) {
    const std::string_view after = trimmed(answer.header("Retry-After"));
    if (const auto seconds = read_count(after)) return bounded(std::chrono::seconds(*seconds));
    if (const auto date = read_date(after)) return until(answer, *date);
    if (answer.status != 429 && answer.status != 503) return std::chrono::seconds(0);
    const auto epoch = read_epoch(trimmed(answer.header("X-RateLimit-Reset")));
    return epoch ? until(answer, std::chrono::sys_seconds(std::chrono::seconds(*epoch)))
                 : std::chrono::seconds(0);
}

}  // namespace mailrota::providers
