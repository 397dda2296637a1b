#include "core/config/settings_table.h"

namespace mailrota::config {

namespace {

constexpr std::string_view socket_forms =
    "\"unix:/PATH\" | \"inet:PORT@HOST\" | \"inet:HOST:PORT\" | \"inet6:PORT@HOST\"";
constexpr std::string_view networks = "\"192.0.2.0/24\" | array";
constexpr std::string_view tls_table = "{ certificate = \"/PATH\", key = \"/PATH\" }";
constexpr std::string_view secret = "{ file = \"/PATH\" } | { credential = \"NAME\" } | { env = \"NAME\" }";

constexpr Setting settings[] = {
    {"store", "url", "\"sqlite:/PATH\" | \"postgresql://…\"", "sqlite:/var/lib/mailrota/state.db",
     "The database. SQLite is for one machine; several nodes share one PostgreSQL."},
    {"store", "keep", "duration", "7d",
     "How long turns are remembered, and what was delivered. Must outlive the MTA's queue: a mail that is "
     "offered again gets the same colleague."},
    {"store", "busy", "duration", "5s", "Longest wait for the database before a mail is deferred."},
    {"listener.NAME", "protocol", "\"milter\" | \"lmtp\" | \"smtp\"", "milter",
     "What is spoken there. mailrota-milter serves the one milter listener, mailrota-lmtp all others."},
    {"listener.NAME", "socket", socket_forms, "unix:/var/spool/postfix/mailrota/milter.sock",
     "Where the MTA connects. Postfix writes inet:HOST:PORT and Sendmail inet:PORT@HOST: both are "
     "understood. Without it an LMTP listener has lmtp.sock in the same folder; an SMTP listener must have "
     "it written. LMTP is not spoken on port 25 (RFC 2033)."},
    {"listener.NAME", "socket_mode", "\"octal\"", "0660", "File mode of a unix socket."},
    {"listener.NAME", "socket_group", "\"group\"", "",
     "Group of a unix socket; without it the group of the process."},
    {"listener.NAME", "trusted", "true | false", "false",
     "Whether mail from there speaks for the house: only then do our control headers in it count."},
    {"listener.NAME", "drain", "duration", "30s", "How long a stop waits for mails in progress."},
    {"listener.NAME", "next_hop", "\"lmtp:unix:/PATH\" | \"lmtp:HOST:PORT\" | \"smtp:HOST:PORT\"", "",
     "LMTP, SMTP: where mail goes that stays with its recipient. Without it such mail is deferred."},
    {"listener.NAME", "reinject", "\"smtp:HOST:PORT\" | \"smtp:unix:/PATH\"", "",
     "LMTP, SMTP: the MTA that takes mail whose recipient changed, past its content filter."},
    {"listener.NAME", "max_size", "bytes", "50000000", "LMTP, SMTP: largest mail that is taken."},
    {"listener.NAME", "max_recipients", "1 … 100000", "1000",
     "LMTP, SMTP: most recipients of one transaction; the client sends the others later."},
    {"listener.NAME", "max_connections", "1 … 100000", "1000", "LMTP, SMTP: most clients at once."},
    {"listener.NAME", "timeout", "duration", "300s", "LMTP, SMTP: longest silence of a client."},
    {"listener.NAME", "deadline", "duration", "300s",
     "LMTP, SMTP: longest work on one mail before its recipients are deferred. Less than the MTA waits for "
     "a reply, which in Postfix is lmtp_data_done_timeout, 600s."},
    {"listener.NAME", "dsn", "true | false", "true",
     "LMTP, SMTP: announce DSN (RFC 3461). Only where there is a reinject."},
    {"listener.NAME", "session_log", "\"/PATH\"", "",
     "LMTP, SMTP: folder into which every session is written as it was spoken, mails included; for the "
     "search for faults."},
    {"listener.NAME", "clients", networks, "127.0.0.0/8 and ::1",
     "LMTP, SMTP: who may speak on an inet socket; others are refused by 554 5.7.1."},
    {"listener.NAME", "tls", tls_table, "", "SMTP: offer STARTTLS with this certificate."},
    {"listener.NAME", "tls_required", "true | false", "false", "SMTP: take no mail before STARTTLS."},
    {"listener.NAME", "users", "\"/PATH\"", "",
     "SMTP: take mail only from those in this file, one \"name:hash\" a line, hashed by crypt(3)."},
    {"listener.NAME.tls", "certificate", "\"/PATH\"", "", "The certificate and its chain, PEM."},
    {"listener.NAME.tls", "key", "\"/PATH\"", "", "Its private key, PEM."},
    {"lmtp", "threads", "1 … 64", "one a processor, at most 4", "Threads that serve connections."},
    {"box.NAME", "token", secret, "", "Where the token is that lets a puller in."},
    {"box.NAME", "tokens", "array", "", "Several of them, each as in token."},
    {"box.NAME", "users", "array of tables", "", "Who may pull by name and password (HTTP basic)."},
    {"box.NAME", "allow", networks, "",
     "Addresses from which pullers may come; without it any. Clients of a unix socket are let in."},
    {"box.NAME", "lease", "duration", "10m",
     "How long a puller may take over one batch before its mails are handed out again."},
    {"box.NAME", "lease_count", "1 … 1000", "50", "Most mails of one batch."},
    {"box.NAME", "lease_bytes", "bytes", "20000000", "Most bytes of one batch; a larger mail comes alone."},
    {"box.NAME", "expire", "duration", "5d",
     "How long a mail waits before its sender is told that nobody fetched it."},
    {"box.NAME", "hide", "\"name\" | array", "what tells where a mail comes from",
     "Header fields that are left out when mail is handed out; a * at the end stands for any rest. Bcc and "
     "Resent-Bcc are always left out."},
    {"box.NAME", "legacy", "true | false", "false",
     "Hand out in PostOffice's own form too: a GET, which deletes what it gives."},
    {"box.NAME.token", "file", "\"/PATH\"", "", "Its first line is the token."},
    {"box.NAME.token", "credential", "\"NAME\"", "", "A credential of systemd (LoadCredential=)."},
    {"box.NAME.token", "env", "\"NAME\"", "", "An environment variable."},
    {"box.NAME.users", "name", "\"name\"", "", "The puller's name."},
    {"box.NAME.users", "password", secret, "", "Where its password is."},
    {"web", "socket", socket_forms, "unix:/run/mailrota/web.sock", "Where HTTP is served."},
    {"web", "sockets", "array", "", "Several of them. Sockets that systemd hands in come on top."},
    {"web", "socket_mode", "\"octal\"", "0660", "File mode of unix sockets."},
    {"web", "socket_group", "\"group\"", "", "Group of unix sockets; without it the group of the process."},
    {"web", "tls", tls_table, "", "Serve HTTPS on the inet sockets."},
    {"web", "trusted_proxies", networks, "",
     "Proxies whose X-Forwarded-For is believed; those on unix sockets always are."},
    {"web", "metrics_allow", networks, "127.0.0.0/8 and ::1", "Who may read /metrics."},
    {"web", "max_connections", "1 … 100000", "200", "Most clients at once."},
    {"web", "max_body", "bytes", "1000000", "Largest request."},
    {"web", "timeout", "duration", "30s", "Longest silence within a request or an answer."},
    {"web", "idle", "duration", "60s", "How long a connection is kept between requests."},
    {"web.tls", "certificate", "\"/PATH\"", "", "The certificate and its chain, PEM."},
    {"web.tls", "key", "\"/PATH\"", "", "Its private key, PEM."},
    {"worker", "submit", "\"smtp:HOST:PORT\" | \"smtp:unix:/PATH\"", "smtp:127.0.0.1:25",
     "The MTA that takes our notifications."},
    {"worker", "in_flight", "1 … 1000", "20", "Most jobs at once."},
    {"worker", "lease", "duration", "10m", "How long a job may take before another worker takes it over."},
    {"worker", "first_retry", "duration", "300s", "Wait after the first failure; doubled each time."},
    {"worker", "last_retry", "duration", "4000s", "Longest wait between two tries."},
    {"worker", "expire", "duration", "5d", "How long a job is tried before its sender is told."},
    {"control", "socket", "\"/PATH\"", "/run/mailrota/milter.ctl",
     "The control socket's file of mailrota-milter; empty for none. lmtp.ctl, web.ctl and worker.ctl of the "
     "other programs are beside it."},
    {"log", "target", "\"stderr\" | \"file\" | \"journal\"", "stderr", "Where log lines go."},
    {"log", "file", "\"/PATH\"", "", "The file of target \"file\"; it is opened again on reload."},
    {"log", "level", "\"debug\" | \"info\" | \"warning\" | \"error\"", "info",
     "The least important lines that are written."},
    {"limits", "text_bytes", "bytes", "8MB", "Decoded text of one mail that conditions see."},
    {"limits", "depth", "number", "50", "Nested multiparts and attached messages that are opened."},
    {"limits", "parts", "number", "1000", "MIME parts of one mail that are looked at."},
    {"limits", "pattern_match", "number", "1000000", "Steps that one match of a pattern may take."},
    {"limits", "pattern_depth", "number", "10000", "Depth of backtracking of one match."},
    {"limits", "pattern_heap_kib", "number", "20000", "Memory of one match in KiB."},
    {"list.NAME", "file", "\"PATH\"", "",
     "One entry a line, # begins a comment: exact text, a glob, @example.com for a domain, .example.com for "
     "its subdomains. A relative path is beside the configuration. Read again on reload."},
};

}  // namespace

std::span<const Setting> place_settings() { return settings; }

}  // namespace mailrota::config
