#include "core/config/load_actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/config/addresses.h"
#include "core/config/header_name.h"
#include "core/config/load_reply.h"
#include "core/config/settings_table.h"
#include "core/config/suggest.h"
#include "core/mail/keys.h"
#include "core/policy/template.h"

namespace mailrota::config {

namespace {

bool same_name(std::string_view a, std::string_view b) {
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return fold(x) == fold(y); });
}

// Reads the actions of one rule.
class ActionList {
  public:
    ActionList(const Section& rule, const std::vector<std::string>& captures, Draft& draft, RuleDraft& into)
        : rule_(rule), captures_(captures), draft_(draft), into_(into) {}

    void read() {
        const toml::node* node = rule_.node("then");
        if (node != nullptr && node->is_array()) {
            for (const toml::node& element : *node->as_array()) read_element(element);
        } else if (node != nullptr) {
            read_element(*node);
        }
        const bool stop = rule_.boolean("stop").value_or(false);
        if (stop) add(policy::Stop{}, rule_, "stop");
        const bool nothing = node == nullptr || is_empty_array(node);
        if (nothing && !rule_.has("stop")) {
            rule_.error("then", "there is no action", "write as in then = [{ rota = \"orders\" }]");
        }
    }

  private:
    void read_element(const toml::node& node) {
        if (const auto* text = node.as_string()) return read_word(text->get(), line_of(node));
        const auto* table = node.as_table();
        if (table == nullptr) {
            return rule_.wrong_type("then", "an array of actions", node,
                                    "write as in then = [{ rota = \"orders\" }]");
        }
        const Section section(*table, rule_.path("then"), "rule.then", rule_.diagnostics());
        if (table->size() > 1) {
            return tell(line_of(node), "one table with several actions has no order",
                        "write one table for each: then = [{ … }, { … }]");
        }
        if (table->empty()) return tell(line_of(node), "an empty table is no action", {});
        read_action(section, table->begin()->first.str());
    }

    void read_word(const std::string& word, std::uint32_t line) {
        if (word == "stop") return add(policy::Stop{}, line);
        if (word == "discard") return add(policy::Discard{}, line);
        const bool known = find_setting("rule.then", word) != nullptr;
        tell(line, quoted(word) + " is no action of one word",
             known ? fmt::format("write {{ {} = … }}", word) : suggestion(word, {"stop", "discard"}));
    }

    void read_action(const Section& section, std::string_view key) {
        if (key == "rota") return read_rota(section);
        if (key == "spool") return read_spool(section);
        if (key == "relay") return read_relay(section);
        if (key == "alert") return read_about_alert<policy::Raise>(section, key);
        if (key == "resolve") return read_about_alert<policy::Resolve>(section, key);
        if (key == "heartbeat") return read_heartbeat(section);
        if (key == "redirect") return add(policy::Redirect{read_addresses(section, key)}, section, key);
        if (key == "copy") return add(policy::Copy{read_addresses(section, key)}, section, key);
        if (key == "add_header") return read_add_header(section);
        if (key == "remove_header") return read_remove_header(section);
        if (key == "quarantine") return read_quarantine(section);
        if (key == "reject") return add(policy::Reject{load_reply(section, key, captures_)}, section, key);
        if (key == "defer") return add(policy::Defer{load_reply(section, key, captures_)}, section, key);
        if (key == "discard" && read_true(section, key)) return add(policy::Discard{}, section, key);
        if (key == "stop" && read_true(section, key)) return add(policy::Stop{}, section, key);
    }

    static bool read_true(const Section& section, std::string_view key) {
        if (section.boolean(key) == false) section.error(key, "takes true only", "remove the action instead");
        return true;
    }

    static bool is_among(const std::string& name, const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    // The name under `key`, which must be one of `known`; `sample` says how one is made.
    static std::string read_name(const Section& section, std::string_view key, std::string_view what,
                                 const std::vector<std::string>& known, std::string_view sample) {
        const auto name = section.text(key);
        if (name && !is_among(*name, known)) {
            const std::string near = suggestion(*name, known);
            section.error(key, fmt::format("there is no {} {}", what, quoted(*name)),
                          near.empty() ? fmt::format(fmt::runtime(sample), *name) : near);
        }
        return name.value_or("");
    }

    // Whether another action is meant for a rota of this kind of members, which is told.
    bool tell_kind(const Section& section, std::string_view key, const std::string& name) const {
        if (is_among(name, draft_.phone_rota_names())) {
            section.error(
                key, fmt::format("the members of rota {} are telephones", quoted(name)),
                fmt::format("write {{ alert = \"…\" }}, and that alert with escalate = [{{ rota = {} }}]",
                            quoted(name)));
        } else if (key == "rota" && is_among(name, draft_.relay_rota_names())) {
            section.error("rota", fmt::format("the members of rota {} are providers", quoted(name)),
                          fmt::format("write {{ relay = {} }}", quoted(name)));
        } else if (key == "relay" && is_among(name, draft_.rota_names())) {
            section.error("relay", fmt::format("rota {} has no providers for members", quoted(name)),
                          fmt::format("write {{ rota = {} }}, or members = [{{ provider = \"…\" }}] there",
                                      quoted(name)));
        } else {
            return false;
        }
        return true;
    }

    std::string read_rota_name(const Section& section, std::string_view key,
                               const std::vector<std::string>& known, std::string_view sample) {
        const std::string written = section.table()[key].value<std::string>().value_or("");
        draft_.rotas_in_use.insert(written);
        return tell_kind(section, key, written) ? written : read_name(section, key, "rota", known, sample);
    }

    void read_rota(const Section& section) {
        add(policy::ToRota{read_rota_name(section, "rota", draft_.rota_names(), "write [rota.{}]")}, section,
            "rota");
    }

    void read_relay(const Section& section) {
        add(policy::ToRelay{read_rota_name(section, "relay", draft_.relay_rota_names(),
                                           "write [rota.{}] with members = [{{ provider = \"…\" }}]")},
            section, "relay");
    }

    void read_spool(const Section& section) {
        std::string name = read_name(section, "spool", "box", draft_.box_names(),
                                     "write [box.{}] with token = {{ file = \"…\" }}");
        draft_.boxes_in_use.insert(name);
        add(policy::ToBox{std::move(name)}, section, "spool");
    }

    template <class Action>
    void read_about_alert(const Section& section, std::string_view key) {
        add(Action{read_name(section, key, "alert", draft_.alert_names(), "write [alert.{}]")}, section, key);
    }

    void read_heartbeat(const Section& section) {
        add(policy::Beat{read_name(section, "heartbeat", "heartbeat", draft_.heartbeat_names(),
                                   "write [heartbeat.{}]")},
            section, "heartbeat");
    }

    static std::vector<std::string> read_addresses(const Section& section, std::string_view key) {
        if (is_empty_array(section.node(key))) section.error(key, "is empty");
        return plain(load_addresses(section, key));
    }

    static void check_name(const Section& section, std::string_view key, std::string_view name,
                           std::uint32_t line) {
        std::string fault = header_name_fault(name).value_or("");
        if (same_name(name, mail::trace_header)) fault = quoted(name) + " is mailrota's own: it stops loops";
        if (!fault.empty()) section.diagnostics().error(line, section.path(key), fault);
    }

    void read_add_header(const Section& section) {
        const auto header = section.section("add_header");
        if (!header) return;
        const auto name = header->text("name");
        if (name) check_name(*header, "name", *name, header->line("name"));
        if (!header->has("name")) header->error("name", "is missing");
        if (!header->has("value")) header->error("value", "is missing");
        add(policy::AddHeader{name.value_or(""), load_template(*header, "value", captures_)}, section,
            "add_header");
    }

    void read_remove_header(const Section& section) {
        if (is_empty_array(section.node("remove_header"))) section.error("remove_header", "is empty");
        for (const Text& name : section.texts("remove_header")) {
            check_name(section, "remove_header", name.text, name.line);
            add(policy::RemoveHeader{name.text}, section, "remove_header");
        }
    }

    void read_quarantine(const Section& section) {
        const std::string reason = load_template(section, "quarantine", captures_);
        if (section.table()["quarantine"].value<std::string>() == "") {
            section.error("quarantine", "takes a reason", "write as in { quarantine = \"looks like spam\" }");
        }
        add(policy::Quarantine{reason}, section, "quarantine");
    }

    void add(policy::Action action, const Section& section, std::string_view key) {
        add(std::move(action), section.line(key));
    }

    void add(policy::Action action, std::uint32_t line) {
        if (stopped_in_) {
            tell(line, fmt::format("nothing happens after \"stop\" in line {}", *stopped_in_),
                 "put \"stop\" last");
        }
        if (policy::gives_route(action)) {
            if (routed_in_) {
                tell(line,
                     fmt::format("a recipient has one route, and line {} gives it already", *routed_in_),
                     "for several recipients write redirect = [\"…\", \"…\"], or use copy");
            }
            routed_in_ = line;
        }
        if (std::holds_alternative<policy::Stop>(action)) stopped_in_ = line;
        into_.rule.then.push_back(std::move(action));
        into_.action_lines.push_back(line);
    }

    void tell(std::uint32_t line, std::string_view text, std::string_view hint) {
        rule_.diagnostics().error(line, rule_.path("then"), text, hint);
    }

    const Section& rule_;
    const std::vector<std::string>& captures_;
    Draft& draft_;
    RuleDraft& into_;
    std::optional<std::uint32_t> routed_in_;
    std::optional<std::uint32_t> stopped_in_;
};

}  // namespace

void load_actions(const Section& rule, const std::vector<std::string>& captures, Draft& draft,
                  RuleDraft& into) {
    ActionList(rule, captures, draft, into).read();
}

}  // namespace mailrota::config
