#include "core/providers/status_page.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "core/providers/answer_text.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using Indicator = StatusPage::Indicator;

constexpr std::size_t most_incidents = 1000;

Indicator read_indicator(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Indicator>, 5> known{{
        {"none", Indicator::none},
        {"minor", Indicator::minor},
        {"maintenance", Indicator::minor},
        {"major", Indicator::major},
        {"critical", Indicator::critical},
    }};
    const auto* found = std::ranges::find(known, word, &std::pair<std::string_view, Indicator>::first);
    return found == known.end() ? Indicator::unknown : found->second;
}

bool is_over(const json::value& incident) {
    const std::string_view status = text_member(incident, "status");
    return status == "resolved" || status == "postmortem" || status == "completed";
}

// Of all incidents; `unknown`: the page has no such list. One whose gravity cannot be read is still one.
StatusPage of_incidents(const json::value& page) {
    StatusPage told;
    const json::array* incidents = array_member(page, "incidents");
    if (incidents == nullptr) return told;
    told.indicator = Indicator::none;
    for (std::size_t at = 0; at < incidents->size() && at < most_incidents; ++at) {
        const json::value& incident = (*incidents)[at];
        if (!incident.is_object() || is_over(incident)) continue;
        const std::string_view impact = text_member(incident, "impact");
        const Indicator gravity =
            impact == "none" ? Indicator::none : std::max(read_indicator(impact), Indicator::minor);
        if (!told.words.empty() && gravity <= told.indicator) continue;
        told.indicator = std::max(told.indicator, gravity);
        told.words = clean_words(text_member(incident, "name"));
    }
    return told;
}

}  // namespace

std::string_view to_string(Indicator indicator) {
    switch (indicator) {
        case Indicator::unknown:
            return "unknown";
        case Indicator::none:
            return "none";
        case Indicator::minor:
            return "minor";
        case Indicator::major:
            return "major";
        case Indicator::critical:
            return "critical";
    }
    return "";
}

StatusPage read_status_page(const HttpAnswer& answer) {
    if (answer.status != 200)
        return {Indicator::unknown, "the status page answered " + std::to_string(answer.status)};
    const auto body = read_json(answer.body);
    if (!body) return {Indicator::unknown, "the status page is no JSON"};
    StatusPage told = of_incidents(*body);
    const json::value* status = member(*body, "status");
    const Indicator indicator =
        status == nullptr ? Indicator::unknown : read_indicator(text_member(*status, "indicator"));
    if (indicator != Indicator::unknown) {
        const std::string said = clean_words(text_member(*status, "description"));
        const bool both = !said.empty() && !told.words.empty() && indicator > Indicator::none;
        if (both)
            told.words = clean_words(said + ": " + told.words);
        else if (!said.empty())
            told.words = said;
        told.indicator = indicator;
    }
    if (told.indicator == Indicator::unknown) told.words = "the status page tells no indicator that is known";
    return told;
}

}  // namespace mailrota::providers
