#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/client.h"
#include "web/target.h"

namespace mailrota::web {

using Names = std::map<std::string, std::string, std::less<>>;

// One request as a page sees it: read whole, within its route's limit. A value.
struct Request {
    std::string method;  // "GET"; capitals, as it came
    Target target;
    Names named;  // what the route's pattern names: {box} → "box"
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Client client;

    // The first field of that name (case-folded); empty if there is none.
    std::string_view header(std::string_view name) const;
    // Every field of that name, in order, joined by commas as RFC 9110 section 5.3 has it.
    std::string joined_header(std::string_view name) const;
};

}  // namespace mailrota::web
