#include "core/config/load_mail_listener.h"

#include <algorithm>

#include "core/config/load_sockets.h"

namespace mailrota::config {

namespace {

using Protocol = ListenerSettings::Protocol;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::int64_t most_of_anything = 100'000;
constexpr hours longest_silence{1};
constexpr seconds patience{600};  // of Postfix: lmtp_data_done_timeout, smtp_data_done_timeout
constexpr seconds close_to_it{550};

void check_port(const Section& section, const ListenerSettings& listener) {
    const bool inet = listener.socket.starts_with("inet");
    if (listener.protocol != Protocol::lmtp || !inet || listener.socket.find(":25@") == std::string::npos)
        return;
    section.error("socket", "LMTP is not spoken on port 25, where others expect SMTP (RFC 2033 section 5)",
                  "write another port, as in \"inet:127.0.0.1:24\"");
}

void load_deadline(const Section& section, ListenerSettings& listener) {
    const auto deadline = section.duration("deadline");
    if (!deadline) return;
    listener.deadline = *deadline;
    if (*deadline >= patience) {
        section.error("deadline", "is not shorter than the MTA waits for our reply, 600 s",
                      "Postfix calls that lmtp_data_done_timeout: a mail that is answered too late is sent "
                      "twice");
    } else if (*deadline > close_to_it) {
        section.warning("deadline", "is close to what the MTA waits for our reply, 600 s",
                        "leave a minute: a mail that is answered too late is sent twice");
    }
}

// Without a password anybody there could send anywhere.
void check_open_relay(const Section& section, const ListenerSettings& listener) {
    const bool smtp = listener.protocol == Protocol::smtp;
    const auto is_everybody = [](const policy::Network& network) {
        return network.prefix == 0 || network.text == "0.0.0.0/0";
    };
    if (section.has("users") || std::none_of(listener.clients.begin(), listener.clients.end(), is_everybody))
        return;
    section.warning("clients", "lets anybody send mail to anybody: an open relay",
                    smtp ? "write your own networks, or ask for a password by users = \"/PATH\""
                         : "write the addresses of your own MTAs");
}

// Whoever may speak may send, and by LMTP say on whose behalf.
void load_clients(const Section& section, ListenerSettings& listener) {
    listener.clients = load_networks(section, "clients").value_or(loopback());
    if (is_empty_array(section.node("clients"))) section.error("clients", "is empty: nobody could connect");
    if (listener.socket.starts_with("unix:"))
        refuse_keys(section, {"clients"}, "is of no use: a unix socket has clients without address");
    check_open_relay(section, listener);
}

void load_both(const Section& section, ListenerSettings& listener) {
    check_port(section, listener);
    load_clients(section, listener);
    listener.next_hop = load_endpoint(section, "next_hop");
    listener.reinject = load_smtp_endpoint(section, "reinject");
    listener.max_size = section.bytes("max_size").value_or(listener.max_size);
    load_count(section, "max_recipients", most_of_anything, listener.max_recipients);
    load_count(section, "max_connections", most_of_anything, listener.max_connections);
    listener.timeout =
        load_duration(section, "timeout", seconds{1}, longest_silence).value_or(listener.timeout);
    load_deadline(section, listener);
    listener.dsn = section.boolean("dsn").value_or(true);
    listener.session_log = load_path(section, "session_log");
}

void load_smtp(const Section& section, ListenerSettings& listener) {
    const bool on_unix = listener.socket.starts_with("unix:");
    listener.tls = load_tls(section);
    listener.tls_required = section.boolean("tls_required").value_or(false);
    listener.users = load_path(section, "users");
    constexpr std::string_view sample = "write tls = { certificate = \"…\", key = \"…\" }";
    if (listener.tls_required && !section.has("tls"))
        section.error("tls_required", "needs the key \"tls\"", sample);
    // The protocol machine offers AUTH only under TLS, whatever the socket.
    if (section.has("users") && !section.has("tls") && !listener.socket.empty())
        section.error("users",
                      on_unix ? "needs the key \"tls\": passwords are asked for only after STARTTLS"
                              : "needs the key \"tls\": passwords would cross the network readable",
                      sample);
}

}  // namespace

void load_mail_listener(const Section& section, ListenerSettings& listener) {
    if (listener.protocol == Protocol::milter) {
        refuse_keys(section,
                    {"next_hop", "reinject", "max_size", "max_recipients", "max_connections", "timeout",
                     "deadline", "dsn", "session_log", "clients"},
                    "has a meaning only under protocol \"lmtp\" or \"smtp\"", "write protocol = \"lmtp\"");
    } else {
        load_both(section, listener);
    }
    if (listener.protocol == Protocol::smtp) {
        load_smtp(section, listener);
    } else {
        refuse_keys(section, {"tls", "tls_required", "users"}, "has a meaning only under protocol \"smtp\"",
                    "write protocol = \"smtp\"");
    }
}

}  // namespace mailrota::config
