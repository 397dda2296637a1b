#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::web {

// The target of a request (RFC 9112 section 3.2), taken apart and decoded. A value.
struct Target {
    std::string path;                                       // as it came, without the query: for logs
    std::string raw_query;                                  // as it came, without the question mark
    std::vector<std::string> segments;                      // "/a/b%2Fc" → "a", "b/c"; "/" has none
    std::map<std::string, std::string, std::less<>> query;  // of a name that stands twice the first
};

// Reads "/path?query", or "http://host/path?query" as proxies write it. Refused are other forms, broken
// percent signs, control characters, and segments "." and "..", which no honest client sends. Pure.
Result<Target> parse_target(std::string_view text);

}  // namespace mailrota::web
