#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/config/endpoint.h"
#include "core/mail/result.h"

namespace mailrota::ctl {

// What `mailrota pull` was given, as it was written.
struct PullRequest {
    std::string url;  // https://host/prefix/boxes/NAME
    std::string unix_socket;
    bool insecure_http = false;
    std::string ca;  // PEM files
    std::string client_cert;
    std::string client_key;
    std::string token_file;
    std::string user;
    std::string password_file;
    std::string deliver = "smtp:127.0.0.1:25";
    std::string done_list;  // empty: the default
    bool follow = false;
    unsigned every = 10;  // seconds
    std::size_t count = 50;
    std::uint64_t bytes = 0;  // 0: the box's limit
};

// The box that a URL names.
struct BoxUrl {
    std::string base;  // "https://host/prefix/boxes/NAME", without a slash at the end
    std::string box;   // "NAME"
};

// Takes http and https. An error for other schemes, for user names, queries and fragments in the URL, for a
// path that does not end in /boxes/NAME, and for http to a host that is not this machine unless `plain` is
// allowed.
Result<BoxUrl> parse_box_url(const std::string& url, bool plain_allowed);

// The path of a sendmail(1).
struct ToSendmail {
    std::string program;
    bool operator==(const ToSendmail&) const = default;
};
using DeliverTo = std::variant<config::Endpoint, ToSendmail>;

// "smtp:HOST:PORT", "lmtp:unix:/path", "sendmail" or "sendmail:/path".
Result<DeliverTo> parse_deliver(const std::string& text);

// Where the done-list is unless it was said: in $STATE_DIRECTORY, else in $XDG_STATE_HOME/mailrota, else in
// ~/.local/state/mailrota. Environment variables as given; nothing if none of them is set.
std::optional<std::string> default_done_list(const std::string& box, const char* state_directory,
                                             const char* xdg_state_home, const char* home);

}  // namespace mailrota::ctl
