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

// How to have mail come by LMTP: the line for the MTA and the condition for the rule. `name` is what such a
// listener may be called if there is none.
std::string queue_hint(const Draft& draft, std::string_view line, std::string_view or_else,
                       std::string_view name) {
    const auto& all = draft.config.listeners;
    const auto lmtp =
        std::find_if(all.begin(), all.end(), [](const auto& one) { return one.protocol == Protocol::lmtp; });
    const bool there = lmtp != all.end();
    return fmt::format("{}in Postfix write {} = {}{}, and in this rule when.listener = {}",
                       there ? "" : fmt::format("write [listener.{}] with protocol = \"lmtp\", ", name), line,
                       there ? transport_to(lmtp->socket) : "lmtp:unix:mailrota/lmtp.sock", or_else,
                       quoted(there ? lmtp->name : name));
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
        if (listener_.protocol == Protocol::milter) return check_milter();
        check_own_socket("next_hop", listener_.next_hop);
        check_own_socket("reinject", listener_.reinject);
        check_reinject();
        check_next_hop();
        check_quarantine();
        check_deadline();
    }

  private:
    void check_milter() const {
        for (const ReachedRule& reached : reach_.rules) {
            if (reached.routed) continue;
            each<policy::ToBox>(*reached.rule, [&](std::uint32_t line) {
                needs_queue(line, "spool",
                            queue_hint(draft_, "mailbox_transport", " (or virtual_transport)", "mailbox"));
            });
            each<policy::ToRelay>(*reached.rule, [&](std::uint32_t line) {
                needs_queue(line, "relay", queue_hint(draft_, "default_transport", "", "relay"));
            });
        }
    }

    void needs_queue(std::uint32_t line, std::string_view action, const std::string& hint) const {
        diagnostics_.error(line, fmt::format("rule.then.{}", action),
                           fmt::format("mail of the milter listener {} gets here, and a milter has no queue "
                                       "behind it",
                                       quoted(listener_.name)),
                           hint);
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

    // All providers of a rota may have to be asked, one after the other.
    void check_deadline() const {
        for (const ReachedRule& reached : reach_.rules) {
            if (reached.routed) continue;
            for (const policy::Action& action : reached.rule->rule.then) {
                const auto* relay = std::get_if<policy::ToRelay>(&action);
                if (relay != nullptr && tell_deadline(relay->rota)) return;
            }
        }
    }

    bool tell_deadline(std::string_view rota) const {
        const auto longest = draft_.longest_relay(rota);
        if (longest <= listener_.deadline) return false;
        diagnostics_.warning(
            line_, path_ + ".deadline",
            fmt::format(
                "is {} s, but asking every provider of rota {} may take {} s: the last ones may not get "
                "their turn",
                listener_.deadline.count(), quoted(rota), longest.count()),
            "give the providers shorter timeouts, or the listener a longer deadline (less than 600s)");
        return true;
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
