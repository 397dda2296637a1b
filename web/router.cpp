#include "web/router.h"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <optional>

namespace mailrota::web {

namespace {

std::vector<std::string> split_pattern(std::string_view pattern) {
    std::vector<std::string> segments;
    pattern.remove_prefix(1);
    if (!pattern.empty()) boost::algorithm::split(segments, pattern, boost::algorithm::is_any_of("/"));
    return segments;
}

bool is_name(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

std::optional<Names> match(const std::vector<std::string>& pattern,
                           const std::vector<std::string>& segments) {
    if (pattern.size() != segments.size()) return std::nullopt;
    Names named;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_name(pattern[i]) && !segments[i].empty())
            named.emplace(pattern[i].substr(1, pattern[i].size() - 2), segments[i]);
        else if (pattern[i] != segments[i])
            return std::nullopt;
    }
    return named;
}

}  // namespace

void Router::add(Route route) {
    auto segments = split_pattern(route.pattern);
    entries_.push_back({std::move(route), std::move(segments)});
}

std::variant<Router::Found, Router::NoSuchPath, Router::NoSuchMethod> Router::find(
    std::string_view method, const std::vector<std::string>& segments) const {
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    std::string allow;
    for (const auto& [route, pattern] : entries_) {
        auto named = match(pattern, segments);
        if (!named) continue;
        if (route.method == wanted) return Found{&route, *std::move(named)};
        allow.append(allow.empty() ? "" : ", ").append(route.method == "GET" ? "GET, HEAD" : route.method);
    }
    if (allow.empty()) return NoSuchPath{};
    return NoSuchMethod{allow};
}

}  // namespace mailrota::web
