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
};

// What has been read of a text so far. Parts with errors are in it too, so that references to them are not
// told as unknown.
struct Draft {
    Config config;
    std::map<std::string, std::uint32_t, std::less<>> listener_lines;  // of those that are written, by name
    std::map<std::string, std::uint32_t, std::less<>> box_lines;
    std::map<std::string, std::uint32_t, std::less<>> provider_lines;
    std::map<std::string, std::uint32_t, std::less<>> webhook_lines;  // by the name of their provider
    policy::PatternLimits patterns;
    std::map<std::string, std::shared_ptr<const policy::NamedList>, std::less<>> lists;
    std::vector<RotaDraft> rotas;
    std::vector<RelayRotaDraft> relay_rotas;
    std::set<std::string, std::less<>> rotas_in_use;  // by rules, either kind
    std::set<std::string, std::less<>> boxes_in_use;
    std::vector<RuleDraft> rules;

    std::vector<std::string> rota_names() const;
    std::vector<std::string> relay_rota_names() const;
    std::vector<std::string> provider_names() const;
    // How long it may take to ask every provider of this rota; 0 if there is no such rota.
    std::chrono::seconds longest_relay(std::string_view rota) const;
    std::vector<std::string> list_names() const;
    std::vector<std::string> listener_names() const;
    std::vector<std::string> box_names() const;
};

// Each reads its part of the text into the draft and tells what is wrong with it. In this order: later ones
// look at the names that earlier ones found.
void load_settings(const Section& top, Draft& draft);  // store, control, log, limits
void load_programs(const Section& top, Draft& draft);  // hostname, lmtp, web, worker
void load_listeners(const Section& top, Draft& draft);
void load_boxes(const Section& top, Draft& draft);
void load_providers(const Section& top, Draft& draft);
void load_relaying(const Section& top, Draft& draft);  // relay, events
void load_lists(const Section& top, const ReadFile& read_file, Draft& draft);
void load_rotas(const Section& top, Draft& draft);
void load_rules(const Section& top, Draft& draft);

// What one part must know of the others: addresses in two rotas, rules that are never reached, listeners that
// cannot do what the rules ask, boxes without mail, providers without mail or that cannot do what is asked.
void check_rotas(const Draft& draft, Diagnostics& diagnostics);
void check_rules(const Draft& draft, Diagnostics& diagnostics);
void check_listeners(const Draft& draft, Diagnostics& diagnostics);
void check_boxes(const Draft& draft, Diagnostics& diagnostics);
void check_providers(const Draft& draft, Diagnostics& diagnostics);
void check_relay_rotas(const Draft& draft, Diagnostics& diagnostics);

}  // namespace mailrota::config
