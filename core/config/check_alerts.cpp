#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/suggest.h"
#include "core/policy/template.h"

namespace mailrota::config {

namespace {

// What raises alerts beside rules, and the names that it gives to their templates.
struct OwnGiver {
    std::uint32_t line = 0;
    std::string key;
    std::string_view what;
    std::vector<std::string> captures;
};

template <class Action>
std::string named_by(const Action& action) {
    if constexpr (std::is_same_v<Action, policy::Beat>) {
        return action.heartbeat;
    } else {
        return action.alert;
    }
}

// A rule that has such an action, and the line of it.
struct Naming {
    const RuleDraft* rule = nullptr;
    std::uint32_t line = 0;
};

// The rules with an action of this kind on the alert or heartbeat of that name.
template <class Action>
std::vector<Naming> rules_naming(const Draft& draft, std::string_view name) {
    std::vector<Naming> found;
    for (const RuleDraft& rule : draft.rules) {
        for (std::size_t i = 0; i < rule.rule.then.size(); ++i) {
            const auto* action = std::get_if<Action>(&rule.rule.then[i]);
            if (action == nullptr || named_by(*action) != name) continue;
            found.push_back({&rule, rule.action_lines[i]});
            break;
        }
    }
    return found;
}

std::vector<OwnGiver> own_givers(const Draft& draft, std::string_view alert) {
    std::vector<OwnGiver> found;
    for (const HeartbeatDraft& one : draft.heartbeats) {
        if (one.heartbeat.alert == alert)
            found.push_back({one.line, "heartbeat." + one.heartbeat.name, "heartbeat", {"heartbeat"}});
    }
    for (const SelftestDraft& one : draft.selftests) {
        if (one.selftest.alarm == alert)
            found.push_back({one.line, "selftest." + one.selftest.name, "self-test", {"selftest", "reason"}});
    }
    return found;
}

// Whether a template may hold this name, with these captures at hand.
bool gives(const std::vector<std::string>& captures, const std::string& name) {
    return policy::check_template("{" + name + "}", captures).has_value();
}

// Checks one alert against the rest of the configuration.
class AlertCheck {
  public:
    AlertCheck(const Draft& draft, const AlertDraft& alert, Diagnostics& diagnostics)
        : draft_(draft),
          alert_(alert),
          diagnostics_(diagnostics),
          key_("alert." + alert.alert.name),
          raising_(rules_naming<policy::Raise>(draft, alert.alert.name)),
          resolving_(rules_naming<policy::Resolve>(draft, alert.alert.name)),
          own_(own_givers(draft, alert.alert.name)) {}

    void run() const {
        check_use();
        check_names();
        check_every_mail();
        check_acknowledge();
        check_replies();
    }

  private:
    void warn(std::uint32_t line, std::string_view key, std::string_view text, std::string_view hint) const {
        diagnostics_.warning(line, key, text, hint);
    }

    void check_use() const {
        if (!raising_.empty() || !own_.empty()) return;
        warn(alert_.line, key_, "is never raised: no rule, heartbeat or self-test names it",
             fmt::format("write a rule with then = [{{ alert = {} }}]", quoted(alert_.alert.name)));
    }

    void check_names() const {
        if (raising_.empty() && own_.empty()) return;
        std::vector<std::string> seen;
        for (const AlertName& name : alert_.names) {
            const bool known = check_name(name);
            const std::string once = name.name;
            if (std::find(seen.begin(), seen.end(), once) != seen.end()) continue;
            seen.push_back(once);
            if (known) check_givers(name);
        }
        check_keys_of_resolving();
    }

    // What is empty whatever happens is a slip.
    bool check_name(const AlertName& name) const {
        std::vector<std::string> captures;
        for (const Naming& naming : raising_)
            captures.insert(captures.end(), naming.rule->captures.begin(), naming.rule->captures.end());
        for (const OwnGiver& one : own_)
            captures.insert(captures.end(), one.captures.begin(), one.captures.end());
        if (gives(captures, name.name)) return true;
        std::sort(captures.begin(), captures.end());
        captures.erase(std::unique(captures.begin(), captures.end()), captures.end());
        diagnostics_.error(name.line, key_ + "." + name.key,
                           fmt::format("{{{}}} is given by nothing that raises the alert", name.name),
                           nearest(name.name, captures)
                               ? suggestion(name.name, captures)
                               : fmt::format("write a pattern with (?<{}>…) in the rule", name.name));
        return false;
    }

    void check_givers(const AlertName& name) const {
        for (const Naming& naming : raising_) {
            if (gives(naming.rule->captures, name.name)) continue;
            warn(naming.line, "rule.then.alert",
                 fmt::format("{{{}}} of alert {} is empty if {} raises it", name.name,
                             quoted(alert_.alert.name), quoted(naming.rule->rule.name)),
                 fmt::format("write a pattern with (?<{}>…) in its condition", name.name));
        }
        for (const OwnGiver& one : own_) {
            if (gives(one.captures, name.name)) continue;
            warn(one.line, one.key,
                 fmt::format("{{{}}} of alert {} is empty if the {} raises it", name.name,
                             quoted(alert_.alert.name), one.what),
                 fmt::format("give the {} an alert of its own", one.what));
        }
    }

    // A mail that ends an incident finds it by the same key.
    void check_keys_of_resolving() const {
        for (const Naming& naming : resolving_) {
            for (const AlertName& name : alert_.names) {
                if (name.key != "key" || gives(naming.rule->captures, name.name)) continue;
                warn(naming.line, "rule.then.resolve",
                     fmt::format("{{{}}} of the key of alert {} is empty if {} resolves it: it may not find "
                                 "the incident",
                                 name.name, quoted(alert_.alert.name), quoted(naming.rule->rule.name)),
                     fmt::format("write a pattern with (?<{}>…) in its condition", name.name));
            }
        }
    }

    void check_every_mail() const {
        for (const Naming& naming : raising_) {
            const auto* all = std::get_if<policy::All>(&naming.rule->rule.when.node);
            if (all == nullptr || !all->of.empty()) continue;
            warn(naming.line, "rule.then.alert",
                 quoted(naming.rule->rule.name) + " raises the alert for every mail that reaches it",
                 "give it a condition: when.subject = \"…\"");
        }
    }

    void check_acknowledge() const {
        if (alert_.alert.acknowledge != policy::Acknowledge::digit || draft_.public_url_line != 0) return;
        const bool written = alert_.acknowledge_line != 0;
        diagnostics_.error(
            written ? alert_.acknowledge_line : alert_.line, key_ + ".acknowledge",
            fmt::format("is \"digit\"{}, but without a public_url no key that is pressed comes "
                        "back to us",
                        written ? "" : " unless it is written"),
            "write \"sms\" or \"answer\", or [calls] with public_url = "
            "\"https://mail.example.com/call\"");
    }

    // Nobody answers an SMS that never came.
    void check_replies() const {
        if (alert_.alert.acknowledge != policy::Acknowledge::sms) return;
        for (const policy::EscalationStep& step : alert_.alert.escalate) {
            const policy::Rota* rota = draft_.phone_rota(step.rota);
            if (rota == nullptr) continue;
            for (const policy::Member& member : rota->members) {
                const auto& ways = member.ways;
                if (std::find(ways.begin(), ways.end(), policy::ContactWay::sms) != ways.end()) continue;
                warn(
                    alert_.acknowledge_line, key_ + ".acknowledge",
                    fmt::format("is \"sms\", but {} of rota {} gets none to reply to",
                                quoted(member.name.empty() ? member.target : member.name), quoted(step.rota)),
                    "write contact = [\"call\", \"sms\"] there");
                return;
            }
        }
    }

    const Draft& draft_;
    const AlertDraft& alert_;
    Diagnostics& diagnostics_;
    std::string key_;
    std::vector<Naming> raising_;
    std::vector<Naming> resolving_;
    std::vector<OwnGiver> own_;
};

}  // namespace

void check_alerts(const Draft& draft, Diagnostics& diagnostics) {
    if (!draft.alerts.empty() && draft.config.telephones.empty()) {
        diagnostics.error(draft.alerts.front().line, "alert." + draft.alerts.front().alert.name,
                          "calls nobody: there is no telephone account",
                          "write [telephone.NAME] with account, secret and from");
    }
    for (const AlertDraft& alert : draft.alerts) AlertCheck(draft, alert, diagnostics).run();
}

void check_heartbeats(const Draft& draft, Diagnostics& diagnostics) {
    for (const HeartbeatDraft& one : draft.heartbeats) {
        if (!rules_naming<policy::Beat>(draft, one.heartbeat.name).empty()) continue;
        diagnostics.warning(
            one.line, "heartbeat." + one.heartbeat.name,
            "never comes: no rule names it, so that its alert is raised again and again",
            fmt::format("write a rule with then = [{{ heartbeat = {} }}]", quoted(one.heartbeat.name)));
    }
}

}  // namespace mailrota::config
