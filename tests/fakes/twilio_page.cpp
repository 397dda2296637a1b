#include <boost/json/array.hpp>
#include <charconv>

#include "tests/fakes/twilio_error.h"
#include "tests/fakes/twilio_json.h"
#include "tests/fakes/twilio_signature.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;

/// A number of the query; nothing if it is none.
std::optional<std::size_t> number_at(const Request& request, const char* name, std::size_t otherwise) {
    const auto text = find_field(request.query, name);
    if (!text) return otherwise;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size()) return {};
    return number;
}

std::string page_path(const Request& request, std::size_t page, std::size_t size, const std::string& token) {
    Fields query;
    for (const auto& [name, value] : request.query)
        if (name != "Page" && name != "PageSize" && name != "PageToken") query.emplace_back(name, value);
    query.emplace_back("PageSize", std::to_string(size));
    query.emplace_back("Page", std::to_string(page));
    if (!token.empty()) query.emplace_back("PageToken", token);
    return request.path + "?" + urlencoded(query);
}

/// "YYYY-MM-DD" with an optional time; and how much of a day it leaves open.
struct Span {
    Moment first;
    Moment last;
};
std::optional<Span> read_span(const std::string& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    char end = 0;
    const int read = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%c", &year, &month, &day, &hour,
                                 &minute, &second, &end);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok() || (read != 3 && !(read == 7 && end == 'Z'))) return {};
    if (read == 3 && text.size() != 10) return {};
    const Moment start = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                         std::chrono::minutes(minute) + std::chrono::seconds(second);
    using namespace std::chrono_literals;
    return Span{start, start + (read == 3 ? 86'399'999ms : 999ms)};
}

}  // namespace

std::optional<bool> fits_dates(const Request& request, const std::string& name, Moment at) {
    bool fits = true;
    for (const std::string relation : {"", "<", ">"}) {
        const auto text = find_field(request.query, name + relation);
        if (!text) continue;
        const auto span = read_span(*text);
        if (!span) return {};
        if (relation != ">" && at > span->last) fits = false;
        if (relation != "<" && at < span->first) fits = false;
    }
    return fits;
}

Reply page_of(const Request& request, const std::string& name, const std::vector<json::object>& all) {
    constexpr std::size_t usual = 50;
    constexpr std::size_t most = 1000;
    const auto size = number_at(request, "PageSize", usual);
    const auto page = number_at(request, "Page", 0);
    if (!size || !page || *size == 0 || *size > most) return twilio_error(20422, "Invalid PageSize or Page");
    std::size_t start = *page * *size;
    if (const auto token = find_field(request.query, "PageToken"); token && token->size() > 2) {
        // The sid of the last element of the page before.
        for (std::size_t index = 0; index < all.size(); ++index)
            if ("PA" + text_at(all[index], "sid") == *token) start = index + 1;
    }
    json::array elements;
    for (std::size_t index = start; index < all.size() && index < start + *size; ++index)
        elements.push_back(all[index]);
    const bool more = start + *size < all.size();
    const auto next_token = more ? "PA" + text_at(all[start + *size - 1], "sid") : "";
    const std::size_t end = start + (elements.empty() ? 0 : elements.size() - 1);
    json::object body = {{name, elements},
                         {"page", *page},
                         {"page_size", *size},
                         {"start", start},
                         {"end", end},
                         {"uri", page_path(request, *page, *size, "")},
                         {"first_page_uri", page_path(request, 0, *size, "")},
                         {"previous_page_uri", nullptr},
                         {"next_page_uri", nullptr}};
    if (more) body["next_page_uri"] = page_path(request, *page + 1, *size, next_token);
    if (*page > 0) body["previous_page_uri"] = page_path(request, *page - 1, *size, "");
    return json_reply(200, body);
}

}  // namespace mailrota::fakes
