#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/config/toml_reader.h"
#include "core/policy/policy.h"

namespace mailrota::config {

// A rota as far as it could be read, with the lines of what other parts of the text must agree with.
struct RotaDraft {
    policy::Rota rota;
    std::uint32_t line = 0;
    bool addressed = false;  // `addresses` is written, whatever is in it
    bool phones = false;     // its members are telephones
    std::vector<Text> addresses;
    std::vector<Text> members;
    std::vector<Text> fallback;
};

// The same of a rota of providers.
struct RelayRotaDraft {
    RelayRota rota;
    std::uint32_t line = 0;
};

struct RuleDraft {
    policy::Rule rule;
    std::uint32_t line = 0;
    std::vector<std::uint32_t> action_lines;  // one for each of the rule's actions
    std::vector<std::string> captures;        // that its patterns give
};

// A name that a template of an alert holds.
struct AlertName {
    std::string key;  // "say"
    std::string name;
    std::uint32_t line = 0;
};

struct AlertDraft {
    policy::Alert alert;
    std::uint32_t line = 0;
    std::uint32_t acknowledge_line = 0;  // 0: it is not written
    std::vector<AlertName> names;
};

struct HeartbeatDraft {
    policy::Heartbeat heartbeat;
    std::uint32_t line = 0;
};

struct SelftestDraft {
    policy::Selftest selftest;
    std::uint32_t line = 0;
    std::uint32_t alert_line = 0;
};

// What has been read of a text so far. Parts with errors are in it too, so that references to them are not
// told as unknown.
struct Draft {
    Config config;
    std::map<std::string, std::uint32_t, std::less<>> listener_lines;  // of those that are written, by name
    std::map<std::string, std::uint32_t, std::less<>> box_lines;
    std::map<std::string, std::uint32_t, std::less<>> provider_lines;
    std::map<std::string, std::uint32_t, std::less<>> webhook_lines;  // by the name of their provider
    std::map<std::string, std::uint32_t, std::less<>> telephone_lines;
    std::uint32_t public_url_line = 0;  // 0: it is not written
    std::string authserv_id;            // empty: no verifier is believed
    policy::PatternLimits patterns;
    std::map<std::string, std::shared_ptr<const policy::NamedList>, std::less<>> lists;
    std::vector<RotaDraft> rotas;
    std::vector<RelayRotaDraft> relay_rotas;
    std::set<std::string, std::less<>> rotas_in_use;  // by rules and alerts, any kind
    std::set<std::string, std::less<>> boxes_in_use;
    std::vector<AlertDraft> alerts;
    std::vector<HeartbeatDraft> heartbeats;
    std::vector<SelftestDraft> selftests;
    std::vector<RuleDraft> rules;

    std::vector<std::string> rota_names() const;  // of people by address
    std::vector<std::string> phone_rota_names() const;
    std::vector<std::string> relay_rota_names() const;
    std::vector<std::string> telephone_names() const;
    std::vector<std::string> alert_names() const;
    std::vector<std::string> heartbeat_names() const;
    // The rota of telephones of this name; null if there is none.
    const policy::Rota* phone_rota(std::string_view name) const;
    std::vector<std::string> provider_names() const;
    // How long it may take to ask every provider of this rota; 0 if there is no such rota.
    std::chrono::seconds longest_relay(std::string_view rota) const;
    std::vector<std::string> list_names() const;
    std::vector<std::string> listener_names() const;
    std::vector<std::string> box_names() const;
};

// A file's path: a relative one is beside the configuration.
std::string beside(const std::string& configuration, const std::string& path);

// Each reads its part of the text into the draft and tells what is wrong with it. In this order: later ones
// look at the names that earlier ones found.
void load_settings(const Section& top, Draft& draft);  // store, control, log, limits, authentication
void load_programs(const Section& top, Draft& draft);  // hostname, lmtp, web, worker
void load_listeners(const Section& top, Draft& draft);
void load_boxes(const Section& top, Draft& draft);
void load_providers(const Section& top, Draft& draft);
void load_relaying(const Section& top, Draft& draft);  // relay, events
void load_lists(const Section& top, const ReadFile& read_file, Draft& draft);
void load_telephones(const Section& top, Draft& draft);
void load_calls(const Section& top, Draft& draft);
void load_rotas(const Section& top, Draft& draft);
void load_alerts(const Section& top, const ReadFile& read_file, Draft& draft);
void load_heartbeats(const Section& top, Draft& draft);
void load_selftests(const Section& top, Draft& draft);
void load_rules(const Section& top, Draft& draft);

// What one part must know of the others: addresses in two rotas, rules that are never reached, listeners that
// cannot do what the rules ask, boxes without mail, providers without mail or that cannot do what is asked,
// alerts that nothing raises or that cannot reach anybody, self-tests that cannot come through.
void check_rotas(const Draft& draft, Diagnostics& diagnostics);
void check_rules(const Draft& draft, Diagnostics& diagnostics);
void check_listeners(const Draft& draft, Diagnostics& diagnostics);
void check_boxes(const Draft& draft, Diagnostics& diagnostics);
void check_providers(const Draft& draft, Diagnostics& diagnostics);
void check_relay_rotas(const Draft& draft, Diagnostics& diagnostics);
void check_calls(const Draft& draft, Diagnostics& diagnostics);
void check_alerts(const Draft& draft, Diagnostics& diagnostics);
void check_heartbeats(const Draft& draft, Diagnostics& diagnostics);
void check_selftests(const Draft& draft, Diagnostics& diagnostics);

}  // namespace mailrota::config
