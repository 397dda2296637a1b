#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/socket_address.h"

namespace mailrota::config {

namespace {

constexpr std::string_view default_socket = "unix:/var/spool/postfix/mailrota/milter.sock";

void load_protocol(const Section& section) {
    const auto protocol = section.text("protocol");
    if (!protocol || *protocol == "milter") return;
    if (*protocol == "lmtp" || *protocol == "smtp") {
        section.error("protocol", quoted(*protocol) + ": this version of mailrota does not have it yet",
                      "the only protocol is \"milter\"");
        return;
    }
    section.error("protocol", quoted(*protocol) + " is no protocol", "the only protocol is \"milter\"");
}

std::string load_socket(const Section& section) {
    const auto text = section.text("socket");
    if (!text) return std::string(default_socket);
    const auto socket = parse_socket(*text);
    if (socket) return *socket;
    section.error("socket", fmt::format("{} is no socket: {}", quoted(*text), socket.error().text),
                  text->starts_with('/') ? fmt::format("write \"unix:{}\"", *text)
                                         : "write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT");
    return {};
}

std::uint32_t load_mode(const Section& section) {
    constexpr std::uint32_t fallback = 0660;
    const toml::node* node = section.node("socket_mode");
    if (node == nullptr) return fallback;
    const auto* value = node->as_string();
    if (value == nullptr) {
        section.wrong_type("socket_mode", "a string", *node, "write as in \"0660\"");
        return fallback;
    }
    const std::string& text = value->get();
    const bool octal =
        text.find_first_not_of("01234567") == std::string::npos && text.size() >= 3 && text.size() <= 4;
    if (!octal || (text.size() == 4 && text.front() != '0')) {
        section.error("socket_mode", quoted(text) + " is no file mode", "write as in \"0660\"");
        return fallback;
    }
    return static_cast<std::uint32_t>(std::stoul(text, nullptr, 8));
}

ListenerSettings load_listener(const std::string& name, const Section& section) {
    ListenerSettings listener;
    listener.name = name;
    load_protocol(section);
    listener.socket = load_socket(section);
    listener.socket_mode = load_mode(section);
    listener.socket_group = section.text("socket_group").value_or("");
    listener.trusted = section.boolean("trusted").value_or(false);
    listener.drain = section.duration("drain").value_or(listener.drain);
    if (!listener.socket.empty() && !listener.socket.starts_with("unix:")) {
        for (const std::string_view key : {"socket_mode", "socket_group"}) {
            if (section.has(key)) section.error(key, "is of no use: only a unix socket has it");
        }
    }
    return listener;
}

}  // namespace

void load_listeners(const Section& top, Draft& draft) {
    const Section* first = nullptr;
    const auto listeners = top.named("listener", "listener.NAME");
    for (const auto& [name, section] : listeners) {
        const bool milter = section.table()["protocol"].value_or(std::string("milter")) == "milter";
        draft.config.listeners.push_back(load_listener(name, section));
        if (!milter) continue;
        if (first == nullptr) {
            first = &section;
            continue;
        }
        section.diagnostics().error(
            section.line(), section.path(),
            fmt::format("a second milter listener: the first is {} in line {}", first->path(), first->line()),
            "one process has one milter listener: run a second mailrota-milter with a configuration of its "
            "own");
    }
    if (!draft.config.listeners.empty()) return;
    ListenerSettings listener;
    listener.name = "inbound";
    listener.socket = default_socket;
    draft.config.listeners.push_back(std::move(listener));
}

}  // namespace mailrota::config
