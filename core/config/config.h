#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/box_settings.h"
#include "core/config/endpoint.h"
#include "core/config/listener_settings.h"
#include "core/config/phone_settings.h"
#include "core/config/provider_settings.h"
#include "core/mail/message.h"
#include "core/mail/result.h"
#include "core/policy/network.h"
#include "core/policy/policy.h"
#include "core/policy/selftest.h"

namespace mailrota::config {

// [store]
struct StoreSettings {
    std::string url = "sqlite:/var/lib/mailrota/state.db";
    std::chrono::seconds keep{std::chrono::hours{24 * 7}};  // turns; must outlive the MTA's queue
    std::chrono::seconds busy{5};                           // longest wait for the database

    bool operator==(const StoreSettings&) const = default;
};

// [web]: of mailrota-web
struct WebSettings {
    std::vector<std::string> sockets{"unix:/run/mailrota/web.sock"};  // as a listener's; systemd's come first
    std::uint32_t socket_mode = 0660;
    std::string socket_group;
    std::optional<TlsSettings> tls;  // for the inet sockets
    std::vector<policy::Network>
        trusted_proxies;                         // whose X-Forwarded-For is believed; unix sockets always are
    std::vector<policy::Network> metrics_allow;  // who may read /metrics; default loopback
    std::uint32_t max_connections = 200;
    std::uint64_t max_body = 1'000'000;  // of a request
    std::chrono::seconds timeout{30};    // silence within a request or an answer
    std::chrono::seconds idle{60};       // between requests

    bool operator==(const WebSettings&) const = default;
};

// [worker]: of mailrota-worker
struct WorkerSettings {
    Endpoint submit{Endpoint::Protocol::smtp, "127.0.0.1", 25, {}};  // the MTA that takes our notifications
    std::uint32_t in_flight = 20;                                    // most jobs at once
    std::chrono::seconds lease{600};
    std::chrono::seconds first_retry{300};  // doubled from try to try
    std::chrono::seconds last_retry{4000};
    std::chrono::seconds expire{std::chrono::hours{24 * 5}};

    bool operator==(const WorkerSettings&) const = default;
};

// [control]
struct ControlSettings {
    // Of mailrota-milter; the other programs have theirs in the same folder: lmtp.ctl, web.ctl, worker.ctl.
    // Empty: none.
    std::string socket = "/run/mailrota/milter.ctl";

    // The socket of "milter", "lmtp", "web" or "worker"; empty: none.
    std::string socket_of(std::string_view program) const;
    bool operator==(const ControlSettings&) const = default;
};

// [log]
struct LogSettings {
    enum class Target { stderr_, file, journal };
    enum class Level { debug, info, warning, error };

    Target target = Target::stderr_;
    std::string file;
    Level level = Level::info;

    bool operator==(const LogSettings&) const = default;
};

// [list.NAME]
struct ListSettings {
    std::string name;
    std::string file;  // absolute, or beside the configuration
    std::string where;
};

// The whole configuration, typed. What concerns decisions is in the Policy that is built beside it.
struct Config {
    std::string file;
    StoreSettings store;
    std::vector<ListenerSettings> listeners;  // a default milter listener if none is written
    std::string hostname;                     // how we call ourselves; empty: the machine's name
    LmtpSettings lmtp;
    std::vector<BoxSettings> boxes;
    WebSettings web;
    WorkerSettings worker;
    std::vector<ProviderSettings> providers;
    std::vector<RelayRota> relay_rotas;
    RelaySettings relay;
    EventSettings events;
    std::vector<TelephoneSettings> telephones;
    CallSettings calls;
    std::vector<policy::Selftest> selftests;
    ControlSettings control;
    LogSettings log;
    std::vector<ListSettings> lists;
    mail::DecodeLimits limits;

    const ListenerSettings* listener(std::string_view name) const;    // null: there is none
    const BoxSettings* box(std::string_view name) const;              // null: there is none
    const ProviderSettings* provider(std::string_view name) const;    // null: there is none
    const RelayRota* relay_rota(std::string_view name) const;         // null: there is none
    const TelephoneSettings* telephone(std::string_view name) const;  // null: there is none
    const policy::Selftest* selftest(std::string_view name) const;    // null: there is none
};

// Something to say of the text: where, which setting and value, what is wrong, what to do about it.
struct Diagnostic {
    enum class Severity { error, warning };

    Severity severity = Severity::error;
    std::string file;
    std::uint32_t line = 0;  // 1-based; 0: the whole file
    std::string key;         // "rota.orders.members"
    std::string text;        // "\"ann@@example.com\" is no mail address: two @"
    std::string hint;        // "did you mean \"members\"?"; may be empty

    // "mailrota.toml:12: error: rota.orders.members: … (hint: …)"
    std::string to_string() const;
};

// Reads a named list's file; the runtime reads the disk, tests give what they like.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

struct Loaded {
    std::optional<Config> config;                  // nothing if there is an error
    std::shared_ptr<const policy::Policy> policy;  // likewise
    std::vector<Diagnostic> diagnostics;           // errors and warnings in file order, all at once

    bool ok() const { return policy != nullptr; }
};

// Reads a configuration (TOML 1.0). Pure but for what `read_file` does. A syntax error is told alone; all
// semantic errors are told at once. Unknown keys are errors that name the nearest known key. A list that
// cannot be read is a warning: it answers `could not tell`.
Loaded load(std::string_view toml, const std::string& file, const ReadFile& read_file);

// One setting of the configuration, for the reference in mailrota.toml(5): generated from the same table that
// checks the keys.
struct SettingDoc {
    std::string key;       // "rota.NAME.strategy"
    std::string type;      // "\"round-robin\" | \"failover\" | …"
    std::string fallback;  // the default as written, empty if there is none
    std::string text;      // one or two sentences
};
const std::vector<SettingDoc>& settings();

}  // namespace mailrota::config
