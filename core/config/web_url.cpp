#include "core/config/web_url.h"

#include <algorithm>
#include <charconv>

#include "core/policy/network.h"

namespace mailrota::config {

namespace {

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

bool valid_host(std::string_view host, bool bracketed) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    if (bracketed) return policy::Network::parse(host).has_value();
    return !host.empty() && host.front() != '.' && host.front() != '-' &&
           host.find_first_not_of(letters) == std::string_view::npos;
}

bool read_port(std::string_view text, std::uint16_t& port) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
    return fault == std::errc{} && end == text.data() + text.size() && port > 0;
}

// "host", "host:port" or "[address]:port".
Result<void> read_authority(std::string_view text, WebUrl& url) {
    const bool bracketed = text.starts_with('[');
    const auto close = text.find(']');
    if (bracketed && close == std::string_view::npos) return invalid("a bracket of its host is not closed");
    const auto colon = text.find(':', bracketed ? close : 0);
    const auto host = text.substr(0, colon);
    url.host = bracketed ? host.substr(1, close - 1) : host;
    if (!valid_host(url.host, bracketed) || (bracketed && host.size() != close + 1))
        return invalid("its host is no name and no address");
    if (colon != std::string_view::npos && !read_port(text.substr(colon + 1), url.port))
        return invalid("its port is no number from 1 to 65535");
    return {};
}

}  // namespace

Result<WebUrl> parse_web_url(std::string_view text) {
    constexpr std::size_t longest = 2000;
    constexpr std::uint16_t http = 80, https = 443;
    WebUrl url;
    url.tls = text.starts_with("https://");
    if (!url.tls && !text.starts_with("http://")) return invalid("it does not begin with https://");
    if (text.size() > longest) return invalid("it is longer than 2000 bytes");
    if (!printable(text)) return invalid("it has a space or another character that no URL has");
    url.port = url.tls ? https : http;
    text.remove_prefix(text.find("//") + 2);
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    const auto authority = text.substr(0, end);
    const auto rest = text.substr(end);
    const auto at = authority.rfind('@');
    url.user = at != std::string_view::npos;
    url.path = rest.substr(0, rest.find_first_of("?#"));
    url.query = url.path.size() != rest.size();
    if (auto read = read_authority(url.user ? authority.substr(at + 1) : authority, url); !read)
        return tl::unexpected(read.error());
    return url;
}

bool is_loopback_host(std::string_view host) {
    static const auto version_4 = policy::Network::parse("127.0.0.0/8").value();
    return host == "localhost" || host == "::1" || version_4.holds(host);
}

}  // namespace mailrota::config
