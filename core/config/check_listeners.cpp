#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/reach.h"

namespace mailrota::config {

namespace {

using Protocol = ListenerSettings::Protocol;

// What Postfix writes to hand mail to a listener; its own processes see its queue directory as the root.
std::string transport_to(const std::string& socket) {
    constexpr std::string_view queue = "unix:/var/spool/postfix/";
    if (socket.starts_with(queue)) return "lmtp:unix:" + socket.substr(queue.size());
    if (socket.starts_with("unix:")) return "lmtp:" + socket;
    const auto at = socket.find('@');
    const auto colon = socket.find(':');
    if (at == std::string::npos || colon == std::string::npos) return "lmtp:unix:mailrota/lmtp.sock";
    const std::string host = socket.substr(at + 1);
    return fmt::format("lmtp:inet:{}:{}", host.find(':') == std::string::npos ? host : "[" + host + "]",
                       socket.substr(colon + 1, at - colon - 1));
}

// How to have mail for a box come by LMTP: the line for the MTA and the condition for the rule.
std::string spool_hint(const Draft& draft) {
    const auto& all = draft.config.listeners;
    const auto lmtp =
        std::find_if(all.begin(), all.end(), [](const auto& one) { return one.protocol == Protocol::lmtp; });
    const bool there = lmtp != all.end();
    return fmt::format(
        "{}in Postfix write mailbox_transport = {} (or virtual_transport), and in this rule "
        "when.listener = {}",
        there ? "" : "write [listener.mailbox] with protocol = \"lmtp\", ",
        there ? transport_to(lmtp->socket) : "lmtp:unix:mailrota/lmtp.sock",
        there ? quoted(lmtp->name) : "\"mailbox\"");
}

// What the rules ask of one listener.
class ListenerCheck {
  public:
    ListenerCheck(const Draft& draft, const ListenerSettings& listener, Diagnostics& diagnostics)
        : draft_(draft),
          listener_(listener),
          diagnostics_(diagnostics),
          reach_(reach_of(draft, listener)),
          path_("listener." + listener.name) {
        const auto line = draft.listener_lines.find(listener.name);
        if (line != draft.listener_lines.end()) line_ = line->second;
    }

    void run() const {
        if (listener_.protocol == Protocol::milter) return check_spool();
        check_own_socket("next_hop", listener_.next_hop);
        check_own_socket("reinject", listener_.reinject);
        check_reinject();
        check_next_hop();
        check_quarantine();
    }

  private:
    void check_spool() const {
        for (const ReachedRule& reached : reach_.rules) {
            if (reached.routed) continue;
            each<policy::ToBox>(*reached.rule, [&](std::uint32_t line) {
                diagnostics_.error(
                    line, "rule.then.spool",
                    fmt::format("mail of the milter listener {} gets here, and a milter has no queue "
                                "behind it",
                                quoted(listener_.name)),
                    spool_hint(draft_));
            });
        }
    }

    void check_own_socket(std::string_view key, const std::optional<Endpoint>& endpoint) const {
        if (!endpoint) return;
        const bool same =
            endpoint->path.empty()
                ? listener_.socket.ends_with(fmt::format(":{}@{}", endpoint->port, endpoint->host))
                : listener_.socket == "unix:" + endpoint->path;
        if (!same) return;
        diagnostics_.error(
            line_, fmt::format("{}.{}", path_, key),
            fmt::format("{} is this listener itself: mail would go round", quoted(endpoint->to_string())));
    }

    void check_reinject() const {
        if (listener_.reinject) return;
        const std::string changes = who_changes_recipients();
        if (changes.empty()) return;
        diagnostics_.error(line_, path_ + ".reinject",
                           fmt::format("is missing: {} sends mail on to others", changes),
                           "write as in reinject = \"smtp:127.0.0.1:10026\", where the MTA takes mail past "
                           "its content filter");
    }

    std::string who_changes_recipients() const {
        for (const ReachedRule& reached : reach_.rules) {
            const RuleDraft& rule = *reached.rule;
            bool changes = false;
            const auto seen = [&](std::uint32_t) { changes = true; };
            each<policy::Copy>(rule, seen);
            if (!reached.routed) {
                each<policy::Redirect>(rule, seen);
                each<policy::ToRota>(rule, seen);
            }
            if (changes) return fmt::format("rule {} in line {}", quoted(rule.rule.name), rule.line);
        }
        if (reach_.all_routed) return {};
        for (const RotaDraft& rota : draft_.rotas) {
            if (rota.addressed) return fmt::format("rota {} in line {}", quoted(rota.rota.name), rota.line);
        }
        return {};
    }

    void check_next_hop() const {
        if (listener_.next_hop || !reach_.may_keep) return;
        diagnostics_.warning(line_, path_ + ".next_hop",
                             "is missing: mail that stays with its recipient is deferred",
                             "write as in next_hop = \"lmtp:unix:/run/dovecot/lmtp\"");
    }

    void check_quarantine() const {
        for (const ReachedRule& reached : reach_.rules) {
            each<policy::Quarantine>(*reached.rule, [&](std::uint32_t line) {
                diagnostics_.warning(line, "rule.then.quarantine",
                                     fmt::format("only a milter can have mail held: by the listener {} it "
                                                 "is deferred",
                                                 quoted(listener_.name)),
                                     "give the rule a condition: when.listener = \"…\"");
            });
        }
    }

    // Calls `told` with the line of each action of one kind.
    template <class Action, class Told>
    static void each(const RuleDraft& rule, const Told& told) {
        for (std::size_t i = 0; i < rule.rule.then.size(); ++i) {
            if (std::holds_alternative<Action>(rule.rule.then[i])) told(rule.action_lines[i]);
        }
    }

    const Draft& draft_;
    const ListenerSettings& listener_;
    Diagnostics& diagnostics_;
    Reach reach_;
    std::string path_;
    std::uint32_t line_ = 0;
};

}  // namespace

void check_listeners(const Draft& draft, Diagnostics& diagnostics) {
    for (const ListenerSettings& listener : draft.config.listeners)
        ListenerCheck(draft, listener, diagnostics).run();
}

void check_boxes(const Draft& draft, Diagnostics& diagnostics) {
    for (const BoxSettings& box : draft.config.boxes) {
        if (draft.boxes_in_use.contains(box.name)) continue;
        diagnostics.warning(draft.box_lines.at(box.name), "box." + box.name,
                            "is never used: no rule names it",
                            fmt::format("write a rule with then = [{{ spool = {} }}]", quoted(box.name)));
    }
}

}  // namespace mailrota::config
