#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/load_mail_listener.h"
#include "core/config/load_sockets.h"

namespace mailrota::config {

namespace {

using Protocol = ListenerSettings::Protocol;

constexpr std::string_view milter_socket = "unix:/var/spool/postfix/mailrota/milter.sock";
constexpr std::string_view lmtp_socket = "unix:/var/spool/postfix/mailrota/lmtp.sock";

Protocol load_protocol(const Section& section) {
    const std::vector<std::string> words = {"milter", "lmtp", "smtp"};
    const auto text = section.text("protocol");
    if (!text) return Protocol::milter;
    const auto word = std::find(words.begin(), words.end(), *text);
    if (word != words.end()) return static_cast<Protocol>(word - words.begin());
    section.error("protocol", quoted(*text) + " is no protocol", "known: " + one_of(words));
    return Protocol::milter;
}

std::string load_socket(const Section& section, Protocol protocol) {
    const auto text = section.text("socket");
    if (text) return read_socket(section, "socket", {*text, section.line("socket")});
    if (protocol == Protocol::milter) return std::string(milter_socket);
    if (protocol == Protocol::lmtp) return std::string(lmtp_socket);
    if (!section.has("socket")) {
        section.error("socket", "is missing: an SMTP listener says where it listens",
                      "write as in socket = \"inet:127.0.0.1:10025\"");
    }
    return {};
}

ListenerSettings load_listener(const std::string& name, const Section& section) {
    ListenerSettings listener;
    listener.name = name;
    listener.protocol = load_protocol(section);
    listener.socket = load_socket(section, listener.protocol);
    listener.socket_mode = load_mode(section);
    listener.socket_group = section.text("socket_group").value_or("");
    listener.trusted = section.boolean("trusted").value_or(false);
    listener.drain = section.duration("drain").value_or(listener.drain);
    if (!listener.socket.empty() && !listener.socket.starts_with("unix:")) {
        refuse_keys(section, {"socket_mode", "socket_group"}, "is of no use: only a unix socket has it");
    }
    load_mail_listener(section, listener);
    return listener;
}

// One process serves one milter listener.
void check_single(const std::vector<ListenerSettings>& listeners, const Draft& draft,
                  Diagnostics& diagnostics) {
    const ListenerSettings* first = nullptr;
    for (const ListenerSettings& listener : listeners) {
        if (listener.protocol != Protocol::milter) continue;
        if (first == nullptr) {
            first = &listener;
            continue;
        }
        diagnostics.error(
            draft.listener_lines.at(listener.name), "listener." + listener.name,
            fmt::format("a second milter listener: the first is listener.{} in line {}", first->name,
                        draft.listener_lines.at(first->name)),
            "one process has one milter listener: run a second mailrota-milter with a configuration of its "
            "own");
    }
}

void check_sockets(const std::vector<ListenerSettings>& listeners, const Draft& draft,
                   Diagnostics& diagnostics) {
    std::map<std::string, std::string> taken;  // by socket, the listener's name
    for (const ListenerSettings& listener : listeners) {
        if (listener.socket.empty()) continue;
        const auto [other, is_new] = taken.emplace(listener.socket, listener.name);
        if (is_new) continue;
        diagnostics.error(
            draft.listener_lines.at(listener.name), "listener." + listener.name,
            fmt::format("{} is the socket of listener.{} in line {}, too", quoted(listener.socket),
                        other->second, draft.listener_lines.at(other->second)),
            "give each listener a socket of its own");
    }
}

}  // namespace

void load_listeners(const Section& top, Draft& draft) {
    auto& listeners = draft.config.listeners;
    for (const auto& [name, section] : top.named("listener", "listener.NAME")) {
        draft.listener_lines.emplace(name, section.line());
        listeners.push_back(load_listener(name, section));
    }
    check_single(listeners, draft, top.diagnostics());
    check_sockets(listeners, draft, top.diagnostics());
    if (!listeners.empty()) return;
    ListenerSettings listener;
    listener.name = "inbound";
    listener.socket = milter_socket;
    listeners.push_back(std::move(listener));
}

}  // namespace mailrota::config
