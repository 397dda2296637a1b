#include "core/config/settings_table.h"

#include "core/config/config.h"

namespace mailrota::config {

namespace {

constexpr bool later = true;
constexpr std::string_view text_match =
    "\"text\" | \"gl*b\" | \"/pattern/flags\" | { list = \"NAME\" } | array";

constexpr Setting top[] = {
    {"", "hostname", "\"host.example.com\"", "the machine's name",
     "How mailrota calls itself to other mail servers, in greetings and in notifications."},
    {"", "store", "table", "", "What is remembered, and where."},
    {"", "listener", "tables", "", "Sockets on which the MTA hands mail in, by name."},
    {"", "lmtp", "table", "", "The program mailrota-lmtp as a whole."},
    {"", "box", "tables", "", "Boxes in which mail waits for remote pullers, by name."},
    {"", "web", "table", "", "The program mailrota-web, which hands boxes out."},
    {"", "worker", "table", "", "The program mailrota-worker, which does what is left for later."},
    {"", "control", "table", "", "The control sockets of the daemons."},
    {"", "log", "table", "", "Where log lines go."},
    {"", "limits", "table", "", "How much work one mail may be."},
    {"", "list", "tables", "", "Named lists in files, for conditions."},
    {"", "rota", "tables", "", "Ordered sets of members and the rule for choosing the next one, by name."},
    {"", "rule", "array of tables", "", "Rules, in their order."},
    {"", "provider", "tables", "", "Accounts with those who carry mail out, by name."},
    {"", "relay", "table", "", "Relaying through providers as a whole."},
    {"", "events", "table", "", "Where providers' events are handed on to."},
    {"", "telephone", "tables", "", "Accounts with those who place calls and send SMS, by name.",
     calls_later},
    {"", "calls", "table", "", "Calls and messages as a whole.", calls_later},
    {"", "alert", "tables", "", "What is done when something happens that cannot wait, by name.",
     calls_later},
    {"", "heartbeat", "tables", "", "Mails that are expected, by name.", calls_later},
    {"", "selftest", "tables", "", "Mails of our own that go the whole way to a telephone, by name.",
     calls_later},
    {"", "authentication", "table", "", "Who is believed about signatures.", calls_later},
    {"", "account", "", "", "", later},
};

constexpr Setting rotas[] = {
    {"rota.NAME", "addresses", "\"address\" | array", "",
     "Mail to these addresses goes to this rota, unless a rule gave it a route."},
    {"rota.NAME", "strategy", "\"round-robin\" | \"failover\" | \"schedule\" | \"all\"", "round-robin",
     "Whose turn it is: each in turn by weight; the first who is available; who is on duty by the calendar; "
     "everyone who is available. Of providers only the first two, and failover unless it is written."},
    {"rota.NAME", "members", "array of addresses or member tables", "",
     "The members in their order; [[rota.NAME.member]] tables say the same. Addresses, telephones or "
     "providers: a rota has one kind of members."},
    {"rota.NAME", "member", "array of tables", "", "The members, one table each."},
    {"rota.NAME", "sticky", "table", "",
     "A mail goes to whoever has the conversation already, while available. Round-robin only."},
    {"rota.NAME", "fallback", "\"address\" | array", "",
     "Who gets the mail when nobody is available; without it the mail is deferred."},
    {"rota.NAME", "on_error", "\"defer\" | \"pass\"", "defer",
     "When the store is away: defer the mail, or let the whole mail pass untouched."},
    {"rota.NAME", "tz", "\"zone\"", "UTC", "Time zone of the schedule and of members without their own."},
    {"rota.NAME", "rotate", "\"weekly\" | \"daily\"", "weekly", "Strategy schedule: how long a period is."},
    {"rota.NAME", "handoff", "\"Mon 09:00\" | \"09:00\"", "Mon 00:00",
     "Strategy schedule: when the next member takes over; without the weekday if daily (default 00:00)."},
    {"rota.NAME", "start", "date", "",
     "Strategy schedule: the period that holds this day's handoff is the first member's."},
    {"rota.NAME", "override", "array of tables", "",
     "Strategy schedule: somebody else is on duty for a while; the last that holds wins."},
    {"rota.NAME", "hold", "duration", "1h",
     "Providers, failover: how long the first that works is kept before the list is tried from its top "
     "again."},
    {"rota.NAME", "uncertain", "\"hold\" | \"same\" | \"next\"", "hold",
     "Providers: what is done with a mail when a call went out and no answer came, so that nobody knows "
     "whether it was taken. hold: defer it and ask the provider, for uncertain_hold at most, then send it by "
     "the same one again; same, next: at the next offer of the MTA send it by the same one, or by the next."},
    {"rota.NAME", "uncertain_hold", "duration", "1h", "Providers: how long, under uncertain = \"hold\"."},
    {"rota.NAME.sticky", "by", "\"thread\" | \"sender\"", "thread",
     "What a conversation is: the References and In-Reply-To of a mail, or its envelope sender."},
    {"rota.NAME.sticky", "for", "duration", "30d", "How long a conversation is remembered."},
    {"rota.NAME.member", "address", "\"address\"", "", "The member's address."},
    {"rota.NAME.member", "provider", "\"NAME\"", "",
     "A provider instead; beside it only a weight has a meaning."},
    {"rota.NAME.member", "weight", "1 … 1000", "1", "Share of the turns under round-robin."},
    {"rota.NAME.member", "hours", "\"Mon-Fri 08:00-17:00, Sat 09:00-12:00\"", "",
     "When the member is available; a span may pass midnight. Without it: always."},
    {"rota.NAME.member", "tz", "\"zone\"", "the rota's", "Time zone of hours, leave and max_per_day."},
    {"rota.NAME.member", "leave", "\"2026-12-24\" | \"2026-12-24..2027-01-02\" | array", "",
     "Whole days away, first and last included."},
    {"rota.NAME.member", "max_per_day", "1 … 1000000", "", "Most turns in one day of the member's zone."},
    {"rota.NAME.member", "paused", "true | false", "false", "Takes no turns until this is removed."},
    {"rota.NAME.member", "phone", "\"+15550100\"", "",
     "A telephone instead: the member is known by its number, + and country code first (E.164).",
     calls_later},
    {"rota.NAME.member", "name", "\"text\"", "", "Telephones: the member's name, for people.", calls_later},
    {"rota.NAME.member", "sms", "\"+15550100\"", "the telephone", "Telephones: another number for SMS.",
     calls_later},
    {"rota.NAME.member", "contact", "\"call\" | \"sms\" | array", "[\"call\"]",
     "Telephones: how the member is reached, one after the other.", calls_later},
    {"rota.NAME.member", "language", "\"de-DE\"", "as [calls] says", "Telephones: what is spoken.",
     calls_later},
    {"rota.NAME.member", "voice", "\"Polly.Vicki\"", "as [calls] says", "Telephones: by which voice.",
     calls_later},
    {"rota.NAME.override", "member", "\"address\" | \"number\" | \"name\"", "",
     "Who is on duty instead: one of the members."},
    {"rota.NAME.override", "from", "local date-time", "", "Begin, in the rota's zone."},
    {"rota.NAME.override", "until", "local date-time", "", "End, not included."},
};

constexpr Setting rules[] = {
    {"rule", "name", "\"text\"", "rule N", "The rule's name in logs and in explain."},
    {"rule", "when", "table", "",
     "The condition: every key of it must hold. Without it the rule matches every mail."},
    {"rule", "then", "array of actions", "", "What is done, in this order."},
    {"rule", "stop", "true | false", "false", "No later rule is looked at if this one matched."},
    {"rule", "on_limit", "\"match\" | \"no-match\" | \"defer\"", "defer; match if it raises an alert",
     "When it cannot be told whether the rule matches, because a limit was hit."},
    {"rule", "on_error", "\"defer\" | \"pass\"", "defer",
     "When it cannot be told for the moment, as with a list that cannot be read: defer the mail, or let the "
     "whole mail pass untouched."},
    {"rule.when", "sender", text_match, "",
     "Envelope sender. \"@example.com\" is every address of the domain, \"\" the null sender."},
    {"rule.when", "rcpt", text_match, "",
     "Envelope recipient. The rule then concerns only the recipients for which the condition holds."},
    {"rule.when", "client", "\"192.0.2.0/24\" | text", "",
     "Address, network or host name of the client. A pattern or list is tried on address and name."},
    {"rule.when", "client_name", text_match, "", "Host name of the client as the MTA looked it up."},
    {"rule.when", "helo", text_match, "", "What the client called itself."},
    {"rule.when", "auth", text_match, "", "SASL login of the client."},
    {"rule.when", "listener", text_match, "", "Name of our listener that the mail came by."},
    {"rule.when", "daemon", text_match, "", "The MTA's {daemon_name}."},
    {"rule.when", "header", "table: NAME = text", "", "Decoded values of the header fields of a name."},
    {"rule.when", "raw_header", "table: NAME = text", "", "The same, undecoded bytes."},
    {"rule.when", "subject", text_match, "", "The decoded Subject."},
    {"rule.when", "dkim", text_match, "",
     "A domain that signed the mail (DKIM), as the verifier of authentication.authserv_id says.",
     calls_later},
    {"rule.when", "body", text_match, "",
     "The text that is new in the mail, HTML as text: not what it quotes, passes on or signs with. "
     "body.quoted, "
     "body.forwarded, body.signature, body.all and body.raw are other views of it."},
    {"rule.when", "body_all", text_match, "", "The same as body.all."},
    {"rule.when", "body_raw", text_match, "", "The same as body.raw."},
    {"rule.when", "attachment", text_match, "", "File name of an attachment; also attachment.name."},
    {"rule.when", "size", "\">10MB\" | \"<=200KB\" | table", "", "Size of the whole mail."},
    {"rule.when", "time", "\"Mon-Fri 08:00-17:00\" | table", "",
     "When the mail arrived; UTC unless tz is given."},
    {"rule.when", "origin", "\"inbound\" | \"authenticated\" | \"local\" | array", "",
     "By SMTP from anybody, by SMTP from a logged-in user, or by sendmail(1)."},
    {"rule.when", "trusted", "true | false", "", "Whether the mail came by a trusted listener."},
    {"rule.when", "any", "array of conditions", "", "One of these holds."},
    {"rule.when", "all", "array of conditions", "", "Each of these holds."},
    {"rule.when", "not", "condition", "", "This does not hold."},
    {"rule.when.header", "NAME", text_match, "", "One of the fields of this name has such a value."},
    {"rule.when.raw_header", "NAME", text_match, "", "One of the fields of this name has such bytes."},
    {"rule.when.body", "all", text_match, "", "All decoded text, quoted text included."},
    {"rule.when.body", "raw", text_match, "", "The bytes after the header, undecoded."},
    {"rule.when.body", "quoted", text_match, "", "What the mail repeats of earlier mails."},
    {"rule.when.body", "forwarded", text_match, "", "What the mail passes on, attached mails included."},
    {"rule.when.body", "signature", text_match, "", "Signatures, lines of devices, disclaimers."},
    {"rule.when.attachment", "name", text_match, "", "File name of an attachment."},
    {"rule.when.attachment", "type", text_match, "", "MIME type of an attachment, \"image/png\"."},
    {"rule.when.size", "at_least", "bytes", "", "Smallest size that holds."},
    {"rule.when.size", "at_most", "bytes", "", "Largest size that holds."},
    {"rule.when.time", "hours", "\"Mon-Fri 08:00-17:00\"", "", "The hours."},
    {"rule.when.time", "tz", "\"zone\"", "UTC", "Their time zone."},
};

constexpr Setting actions[] = {
    {"rule.then", "rota", "\"NAME\"", "", "The recipient's mail goes to whose turn it is."},
    {"rule.then", "spool", "\"NAME\"", "",
     "The recipient's mail waits in this box until a remote puller fetches it. Only for mail that comes by "
     "LMTP or SMTP."},
    {"rule.then", "relay", "\"NAME\"", "",
     "The recipient's mail is carried out by a provider of this rota. Only for mail that comes by LMTP or "
     "SMTP."},
    {"rule.then", "redirect", "\"address\" | array", "", "The recipient is replaced by these addresses."},
    {"rule.then", "copy", "\"address\" | array", "", "The mail goes to these addresses, too."},
    {"rule.then", "add_header", "table", "", "Adds a header field below the existing ones."},
    {"rule.then", "remove_header", "\"name\" | array", "", "Removes every field of the name."},
    {"rule.then", "quarantine", "\"reason\"", "",
     "Has the MTA hold the mail. Only a milter can: by LMTP and SMTP such mail is deferred."},
    {"rule.then", "reject", "\"text\" | table", "", "Refuses the recipients for good, 550 5.7.1."},
    {"rule.then", "defer", "\"text\" | table", "", "Refuses the recipients for now, 451 4.7.1."},
    {"rule.then", "discard", "true", "", "Accepts the mail and drops it for the recipients."},
    {"rule.then", "stop", "true", "", "No later rule is looked at."},
    {"rule.then", "alert", "\"NAME\"", "", "Raises this alert; the mail goes its way all the same.",
     calls_later},
    {"rule.then", "resolve", "\"NAME\"", "", "Ends the incident of this alert and of the same key.",
     calls_later},
    {"rule.then", "heartbeat", "\"NAME\"", "", "This heartbeat has come.", calls_later},
    {"rule.then", "reply", "", "", "", later},
    {"rule.then.add_header", "name", "\"name\"", "", "Name of the field."},
    {"rule.then.add_header", "value", "\"template\"", "", "Its value."},
    {"rule.then.reject", "code", "500 … 599", "550", "SMTP reply code."},
    {"rule.then.reject", "enhanced", "\"5.Y.Z\"", "5.7.1", "Enhanced status code."},
    {"rule.then.reject", "text", "\"template\"", "Message refused", "Text of the reply."},
    {"rule.then.defer", "code", "400 … 499", "451", "SMTP reply code."},
    {"rule.then.defer", "enhanced", "\"4.Y.Z\"", "4.7.1", "Enhanced status code."},
    {"rule.then.defer", "text", "\"template\"", "Try again later", "Text of the reply."},
};

std::vector<Setting> joined() {
    std::vector<Setting> out(std::begin(top), std::end(top));
    const auto places = place_settings();
    out.insert(out.end(), places.begin(), places.end());
    out.insert(out.end(), std::begin(rotas), std::end(rotas));
    const auto relaying = relaying_settings();
    out.insert(out.end(), relaying.begin(), relaying.end());
    const auto calling = calling_settings();
    out.insert(out.end(), calling.begin(), calling.end());
    out.insert(out.end(), std::begin(rules), std::end(rules));
    out.insert(out.end(), std::begin(actions), std::end(actions));
    return out;
}

}  // namespace

const std::vector<Setting>& setting_table() {
    static const std::vector<Setting> table = joined();
    return table;
}

const Setting* find_setting(std::string_view section, std::string_view key) {
    for (const Setting& setting : setting_table()) {
        if (setting.section == section && (setting.key == key || setting.key == "NAME")) return &setting;
    }
    return nullptr;
}

std::vector<std::string> known_keys(std::string_view section) {
    std::vector<std::string> keys;
    for (const Setting& setting : setting_table()) {
        if (setting.section == section && !setting.later) keys.emplace_back(setting.key);
    }
    return keys;
}

const std::vector<SettingDoc>& settings() {
    static const std::vector<SettingDoc> docs = [] {
        std::vector<SettingDoc> out;
        for (const Setting& setting : setting_table()) {
            if (setting.later) continue;
            const std::string prefix = setting.section.empty() ? "" : std::string(setting.section) + ".";
            out.push_back({prefix + std::string(setting.key), std::string(setting.type),
                           std::string(setting.fallback), std::string(setting.text)});
        }
        return out;
    }();
    return docs;
}

}  // namespace mailrota::config
