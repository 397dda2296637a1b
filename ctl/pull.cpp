#include "ctl/pull.h"

#include <unistd.h>

#include <cstdlib>
#include <ostream>

#include "core/runtime/secrets.h"
#include "ctl/puller.h"
#include "ctl/state.h"
#include "ctl/stop_signals.h"

namespace mailrota::ctl {
namespace {

using config::SecretSource;

// The secret in the file, else in the environment variable; empty if neither is given.
Result<std::string> secret(const std::string& file, const char* variable) {
    if (!file.empty()) return runtime::read_secret({SecretSource::Kind::file, file, ""});
    if (std::getenv(variable) == nullptr) return std::string();
    return runtime::read_secret({SecretSource::Kind::env, variable, ""});
}

Result<HandoutAccess> access_to(const PullRequest& request, const BoxUrl& url) {
    HandoutAccess access;
    access.url = url.base;
    access.unix_socket = request.unix_socket;
    access.ca = request.ca;
    access.client_cert = request.client_cert;
    access.client_key = request.client_key;
    access.user = request.user;
    if (request.user.empty() && !request.password_file.empty())
        return invalid("--password-file needs --user");
    if (!request.user.empty() && !request.token_file.empty())
        return invalid("--token-file and --user exclude each other");
    auto word = request.user.empty() ? secret(request.token_file, "MAILROTA_TOKEN")
                                     : secret(request.password_file, "MAILROTA_PASSWORD");
    if (!word) return tl::unexpected(word.error());
    if (!request.user.empty() && word->empty())
        return invalid("--user needs --password-file or the environment variable MAILROTA_PASSWORD");
    (request.user.empty() ? access.token : access.password) = *std::move(word);
    return access;
}

Exit exit_code(const PullSummary& summary, bool server_failed) {
    if (server_failed) return Exit::away;
    const bool well = summary.trouble.empty() && summary.failed == 0 && summary.deferred == 0;
    return well ? Exit::fine : Exit::no;
}

}  // namespace

Exit pull(const PullRequest& request, Console& console) {
    const auto url = parse_box_url(request.url, request.insecure_http || !request.unix_socket.empty());
    if (!url) return fail(console, Exit::usage, request.url + ": " + url.error().text);
    const auto to = parse_deliver(request.deliver);
    if (!to) return fail(console, Exit::usage, "--deliver: " + to.error().text);
    auto access = access_to(request, *url);
    if (!access) return fail(console, Exit::usage, access.error().text);
    const auto path = request.done_list.empty()
                          ? default_done_list(url->box, std::getenv("STATE_DIRECTORY"),
                                              std::getenv("XDG_STATE_HOME"), std::getenv("HOME"))
                          : std::optional(request.done_list);
    if (!path) return fail(console, Exit::usage, "--done-list is needed where HOME is not set");
    const auto list = DoneList::open(*path, console.clock());
    if (!list)
        return fail(console, list.error().kind == ErrorKind::unavailable ? Exit::busy : Exit::no,
                    list.error().text);
    StopSignals signals;
    const auto mail_server = make_hand_on(*to);
    HandoutClient server(*std::move(access));
    PullProgress progress(console.err, !console.json && isatty(STDERR_FILENO) == 1);
    Puller puller(server, **list, *mail_server, progress, signals.stop(), console.clock);
    const PullSummary summary =
        puller.run({{request.count, request.bytes}, request.follow, std::chrono::seconds(request.every)});
    if (console.json) console.out << to_json(summary) << '\n';
    return exit_code(summary, puller.server_failed());
}

}  // namespace mailrota::ctl
