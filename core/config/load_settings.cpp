#include <fmt/format.h>

#include "core/config/draft.h"
#include "core/mail/authentication_results.h"

namespace mailrota::config {

namespace {

constexpr std::int64_t million = 1'000'000;
constexpr std::chrono::hours longest_busy{1};

// Only a word before the colon is ever told: the rest may hold a password.
std::string fault_of_url(const std::string& url) {
    const std::string scheme = url.substr(0, url.find(':'));
    const bool word = scheme.size() < url.size() &&
                      scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    return word ? fmt::format("a store of {} is not known", quoted(scheme)) : "is the URL of no store";
}

void load_store(const Section& section, StoreSettings& store) {
    if (const auto url = section.text("url")) {
        const bool sqlite = url->starts_with("sqlite:/");
        const bool postgresql = url->starts_with("postgresql://") || url->starts_with("postgres://");
        if (!sqlite && !postgresql && *url != "memory:") {
            section.error(
                "url", fault_of_url(*url),
                "write \"sqlite:/var/lib/mailrota/state.db\" or \"postgresql://user@host/database\"");
        }
        store.url = *url;
    }
    if (const auto keep = section.duration("keep")) {
        store.keep = *keep;
        if (*keep < std::chrono::hours{24 * 5}) {
            section.warning("keep", "is shorter than an MTA keeps mail in its queue, 5 days",
                            "a mail that is offered again later would go to somebody else");
        }
    }
    if (const auto busy = section.duration("busy")) {
        store.busy = *busy;
        if (*busy > longest_busy) {
            section.error("busy", quoted(section.text("busy").value_or("")) +
                                      " is longer than an hour: the mail system does not wait that long");
        }
    }
}

void load_control(const Section& section, ControlSettings& control) {
    const auto socket = section.text("socket");
    if (!socket) return;
    const std::string path = socket->starts_with("unix:") ? socket->substr(5) : *socket;
    if (!path.empty() && !path.starts_with('/')) {
        section.error("socket", quoted(*socket) + " is no absolute path",
                      "write as in \"/run/mailrota/milter.ctl\"");
    } else if (path.size() > 107) {
        section.error("socket", quoted(*socket) + " is too long for a unix socket: at most 107 bytes");
    }
    for (const char* other : {"/lmtp.ctl", "/web.ctl", "/worker.ctl"}) {
        if (path.ends_with(other)) {
            section.error("socket", quoted(*socket) + " is the socket of another program of ours",
                          "write as in \"/run/mailrota/milter.ctl\"");
        }
    }
    control.socket = path;
}

void load_log(const Section& section, LogSettings& log) {
    if (const auto target = section.choice("target", {"stderr", "file", "journal"})) {
        log.target = static_cast<LogSettings::Target>(*target);
    }
    if (const auto level = section.choice("level", {"debug", "info", "warning", "error"})) {
        log.level = static_cast<LogSettings::Level>(*level);
    }
    if (const auto file = section.text("file")) {
        if (!file->starts_with('/')) section.error("file", quoted(*file) + " is no absolute path");
        log.file = *file;
    }
    const bool to_file = log.target == LogSettings::Target::file;
    if (to_file && !section.has("file")) {
        section.error("target", "\"file\" needs the key \"file\"",
                      "write as in file = \"/var/log/mailrota/mailrota.log\"");
    } else if (!to_file && section.has("file")) {
        section.error("file", "is of no use: the target is not \"file\"", "write target = \"file\"");
    }
}

void load_limits(const Section& section, Draft& draft) {
    if (const auto bytes = section.bytes("text_bytes")) draft.config.limits.text_bytes = *bytes;
    if (const auto depth = section.integer("depth", 1, 1000)) {
        draft.config.limits.depth = static_cast<std::size_t>(*depth);
    }
    if (const auto parts = section.integer("parts", 1, million)) {
        draft.config.limits.parts = static_cast<std::size_t>(*parts);
    }
    const auto limit = [&](std::string_view key, std::uint32_t& into) {
        if (const auto number = section.integer(key, 1, 1000 * million))
            into = static_cast<std::uint32_t>(*number);
    };
    limit("pattern_match", draft.patterns.match);
    limit("pattern_depth", draft.patterns.depth);
    limit("pattern_heap_kib", draft.patterns.heap_kib);
}

void load_authentication(const Section& section, Draft& draft) {
    const auto id = section.text("authserv_id");
    if (!section.has("authserv_id"))
        section.error("authserv_id", "is missing", "write the name that stands in Authentication-Results");
    if (!id) return;
    draft.authserv_id = *id;
    if (mail::is_authserv_id(*id)) return;
    section.error("authserv_id", quoted(*id) + " is no name that stands in Authentication-Results",
                  "write as in \"mx.example.com\"");
}

}  // namespace

void load_settings(const Section& top, Draft& draft) {
    if (const auto section = top.section("store")) load_store(*section, draft.config.store);
    if (const auto section = top.section("control")) load_control(*section, draft.config.control);
    if (const auto section = top.section("log")) load_log(*section, draft.config.log);
    if (const auto section = top.section("limits")) load_limits(*section, draft);
    if (const auto section = top.section("authentication")) load_authentication(*section, draft);
}

}  // namespace mailrota::config
