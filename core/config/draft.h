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
    policy::PatternLimits patterns;
    std::map<std::string, std::shared_ptr<const policy::NamedList>, std::less<>> lists;
    std::vector<RotaDraft> rotas;
    std::set<std::string, std::less<>> rotas_in_use;  // by rules
    std::set<std::string, std::less<>> boxes_in_use;
    std::vector<RuleDraft> rules;

    std::vector<std::string> rota_names() const;
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
void load_lists(const Section& top, const ReadFile& read_file, Draft& draft);
void load_rotas(const Section& top, Draft& draft);
void load_rules(const Section& top, Draft& draft);

// What one part must know of the others: addresses in two rotas, rules that are never reached, listeners that
// cannot do what the rules ask, boxes without mail.
void check_rotas(const Draft& draft, Diagnostics& diagnostics);
void check_rules(const Draft& draft, Diagnostics& diagnostics);
void check_listeners(const Draft& draft, Diagnostics& diagnostics);
void check_boxes(const Draft& draft, Diagnostics& diagnostics);

}  // namespace mailrota::config
