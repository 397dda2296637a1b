#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/load_sockets.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::int64_t most_threads = 64;
constexpr std::int64_t most_clients = 100'000;
constexpr std::int64_t most_jobs = 1000;
constexpr seconds shortest_lease{10};
constexpr hours one_hour{1};
constexpr hours one_day{24};
constexpr hours one_year{24 * 365};

bool is_unix(const std::string& socket) { return socket.starts_with("unix:"); }

bool is_loopback(const std::string& socket) {
    const std::string host = socket.substr(socket.find('@') + 1);
    const auto local = loopback();
    return host == "localhost" ||
           std::any_of(local.begin(), local.end(), [&](const auto& network) { return network.holds(host); });
}

void load_hostname(const Section& top, std::string& hostname) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    constexpr std::size_t longest = 255;
    const auto name = top.text("hostname");
    if (!name) return;
    hostname = *name;
    const bool valid = !name->empty() && name->size() <= longest && name->front() != '.' &&
                       name->front() != '-' && name->find_first_not_of(letters) == std::string::npos;
    if (!valid) {
        top.error("hostname", quoted(*name) + " is no name of a host",
                  "write as in hostname = \"mail.example.com\"");
    }
}

// Reads [web].
class WebReader {
  public:
    WebReader(const Section& section, WebSettings& web) : section_(section), web_(web) {}

    void read() {
        read_sockets();
        web_.socket_mode = load_mode(section_);
        web_.socket_group = section_.text("socket_group").value_or("");
        web_.tls = load_tls(section_);
        check_sockets();
        web_.trusted_proxies = load_networks(section_, "trusted_proxies").value_or(web_.trusted_proxies);
        web_.metrics_allow = load_networks(section_, "metrics_allow").value_or(web_.metrics_allow);
        load_count(section_, "max_connections", most_clients, web_.max_connections);
        web_.max_body = section_.bytes("max_body").value_or(web_.max_body);
        web_.timeout = load_duration(section_, "timeout", seconds{1}, one_hour).value_or(web_.timeout);
        web_.idle = load_duration(section_, "idle", seconds{1}, one_hour).value_or(web_.idle);
    }

  private:
    void read_sockets() {
        if (section_.has("socket") && section_.has("sockets"))
            section_.error("socket", "stands beside \"sockets\"", "write all of them in sockets = [ … ]");
        const std::string_view key = section_.has("sockets") ? "sockets" : "socket";
        if (!section_.has(key)) return;
        web_.sockets.clear();
        for (const Text& text : section_.texts(key)) {
            const std::string socket = read_socket(section_, key, text);
            if (socket.empty()) continue;
            const bool twice =
                std::find(web_.sockets.begin(), web_.sockets.end(), socket) != web_.sockets.end();
            if (twice) tell(key, text, quoted(text.text) + " stands here twice");
            if (!is_unix(socket) && !is_loopback(socket) && !section_.has("tls")) {
                section_.diagnostics().warning(
                    text.line, section_.path(key),
                    quoted(text.text) + " has no TLS: tokens and mails cross the network readable",
                    "write tls = { certificate = \"…\", key = \"…\" }, or listen on 127.0.0.1 behind a "
                    "proxy");
            }
            web_.sockets.push_back(socket);
        }
    }

    void tell(std::string_view key, const Text& text, std::string_view what) const {
        section_.diagnostics().error(text.line, section_.path(key), what);
    }

    void check_sockets() const {
        if (web_.sockets.empty()) return;
        if (std::none_of(web_.sockets.begin(), web_.sockets.end(), is_unix))
            refuse_keys(section_, {"socket_mode", "socket_group"}, "is of no use: only a unix socket has it");
        if (std::all_of(web_.sockets.begin(), web_.sockets.end(), is_unix))
            refuse_keys(section_, {"tls"}, "is of no use: only an inet socket has it");
    }

    const Section& section_;
    WebSettings& web_;
};

void load_worker(const Section& section, WorkerSettings& worker) {
    worker.submit = load_smtp_endpoint(section, "submit").value_or(worker.submit);
    load_count(section, "in_flight", most_jobs, worker.in_flight);
    const auto duration = [&](std::string_view key, seconds least, seconds most, seconds& into) {
        into = load_duration(section, key, least, most).value_or(into);
    };
    duration("lease", shortest_lease, one_day, worker.lease);
    duration("first_retry", seconds{1}, one_day, worker.first_retry);
    duration("last_retry", seconds{1}, one_day, worker.last_retry);
    duration("expire", seconds{60}, one_year, worker.expire);
    if (worker.last_retry < worker.first_retry)
        section.error(section.has("last_retry") ? "last_retry" : "first_retry",
                      "the longest wait is shorter than the first");
}

}  // namespace

void load_programs(const Section& top, Draft& draft) {
    Config& config = draft.config;
    load_hostname(top, config.hostname);
    config.web.metrics_allow = loopback();
    if (const auto section = top.section("lmtp")) {
        load_count(*section, "threads", most_threads, config.lmtp.threads);
    }
    if (const auto section = top.section("web")) WebReader(*section, config.web).read();
    if (const auto section = top.section("worker")) load_worker(*section, config.worker);
}

}  // namespace mailrota::config
