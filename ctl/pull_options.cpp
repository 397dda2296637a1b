#include "ctl/pull_options.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace mailrota::ctl {
namespace {

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

// A part of the URL; empty if it has none.
std::string part(const Url& url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return {};
    std::string result(text);
    curl_free(text);
    return result;
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

bool is_box_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.' || c == '-';
    });
}

}  // namespace

Result<BoxUrl> parse_box_url(const std::string& text, bool plain_allowed) {
    constexpr std::string_view folder = "/boxes/";
    const Url url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return invalid("not a URL; it is like https://mail.example.com/boxes/NAME");
    const std::string scheme = part(url, CURLUPART_SCHEME);
    if (scheme != "https" && scheme != "http") return invalid("the URL must begin with https://");
    if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
        return invalid("no user name or password may stand in the URL; use --user and --password-file");
    if (!part(url, CURLUPART_QUERY).empty() || !part(url, CURLUPART_FRAGMENT).empty())
        return invalid("the URL must end with the box's name");
    std::string path = part(url, CURLUPART_PATH);
    while (path.ends_with('/')) path.pop_back();
    const auto at = path.rfind(folder);
    const std::string box = at == std::string::npos ? "" : path.substr(at + folder.size());
    if (!is_box_name(box)) return invalid("the URL must end with /boxes/NAME");
    const std::string host = part(url, CURLUPART_HOST);
    if (scheme == "http" && !plain_allowed && !is_loopback(host))
        return invalid("mail and token would travel in the clear; use https:// or --insecure-http");
    const std::string port = part(url, CURLUPART_PORT);
    return BoxUrl{scheme + "://" + host + (port.empty() ? "" : ":" + port) + path, box};
}

Result<DeliverTo> parse_deliver(const std::string& text) {
    constexpr std::string_view sendmail = "sendmail";
    if (text == sendmail) return ToSendmail{"/usr/sbin/sendmail"};
    if (text.starts_with("sendmail:/")) return ToSendmail{text.substr(sendmail.size() + 1)};
    auto endpoint = config::parse_endpoint(text);
    if (!endpoint) return tl::unexpected(endpoint.error());
    return *std::move(endpoint);
}

std::optional<std::string> default_done_list(const std::string& box, const char* state_directory,
                                             const char* xdg_state_home, const char* home) {
    const auto given = [](const char* folder) { return folder != nullptr && *folder == '/'; };
    const std::string file = "/pull-" + box + ".done";
    if (given(state_directory)) {
        const std::string folders = state_directory;  // systemd puts ':' between several
        return folders.substr(0, folders.find(':')) + file;
    }
    if (given(xdg_state_home)) return std::string(xdg_state_home) + "/mailrota" + file;
    if (given(home)) return std::string(home) + "/.local/state/mailrota" + file;
    return std::nullopt;
}

}  // namespace mailrota::ctl
