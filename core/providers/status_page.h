#pragma once

#include <string>
#include <string_view>

#include "core/providers/http.h"

namespace mailrota::providers {

// What a provider's status page tells of its service as a whole. The form is that of Atlassian Statuspage
// (summary.json, status.json or incidents.json), which most providers' pages have.
struct StatusPage {
    // In order of gravity.
    enum class Indicator {
        unknown,  // no answer that can be read as such a page: says nothing of the service
        none,
        minor,  // or maintenance
        major,
        critical,
    };
    Indicator indicator = Indicator::unknown;
    std::string words;  // one line: "Partial System Outage: delayed delivery", or why it is unknown

    // Whether mail had better take another way.
    bool is_outage() const { return indicator >= Indicator::major; }
};
std::string_view to_string(StatusPage::Indicator indicator);

// `status.indicator` counts; a page without one is judged by its incidents, of which the gravest that is not
// over counts. Untrusted: bounded memory, linear time, never an exception.
StatusPage read_status_page(const HttpAnswer& answer);

}  // namespace mailrota::providers
