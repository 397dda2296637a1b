#include "core/config/settings_table.h"

namespace mailrota::config {

namespace {

constexpr std::string_view secret = "{ file = \"/PATH\" } | { credential = \"NAME\" } | { env = \"NAME\" }";

constexpr Setting settings[] = {
    {"provider.NAME", "kind",
     "\"sendgrid\" | \"mailgun\" | \"mandrill\" | \"ses\" | \"postmark\" | \"sparkpost\" | \"resend\" | "
     "\"smtp\"",
     "", "Whose account it is; smtp for any other mail server that takes mail of ours."},
    {"provider.NAME", "transport", "\"http\" | \"smtp\"", "http; smtp for kind smtp",
     "By which way mail is handed over: the provider's API, or its SMTP host. SendGrid, Postmark and Resend "
     "take mail by HTTP only taken apart: what that would break goes by SMTP."},
    {"provider.NAME", "api_key", secret, "",
     "Where the key is; of Mandrill, too, and of Postmark the server's token. Over SMTP the password."},
    {"provider.NAME", "region", "\"eu\" | \"eu-west-1\"", "",
     "SES: the AWS region, needed. SendGrid, Mailgun, SparkPost: \"eu\" for an account in the EU."},
    {"provider.NAME", "domain", "\"mg.example.com\"", "", "Mailgun: the domain that sends."},
    {"provider.NAME", "access_key", secret, "", "SES over HTTP: where the id of the access key is."},
    {"provider.NAME", "secret_key", secret, "", "SES over HTTP: where its secret is."},
    {"provider.NAME", "base_url", "\"https://HOST\"", "the kind's own",
     "HTTP: the API's address up to the version; http:// to this machine only."},
    {"provider.NAME", "proxy", "\"http://HOST:PORT\"", "", "HTTP: a proxy in between."},
    {"provider.NAME", "host", "\"smtp.example.com:587\"", "the kind's own",
     "SMTP: the server. Kind smtp must have it written."},
    {"provider.NAME", "security", "\"starttls\" | \"tls\" | \"none\"", "tls on port 465, else starttls",
     "SMTP: STARTTLS is demanded, or TLS from the first byte; none to this machine only."},
    {"provider.NAME", "user", "\"name\"", "the kind's own",
     "SMTP: who logs in. Kind smtp without it: nobody does."},
    {"provider.NAME", "password", secret, "", "SMTP: another word for api_key."},
    {"provider.NAME", "ca_file", "\"/PATH\"", "the system's",
     "Certificates, PEM, to trust instead of the system's."},
    {"provider.NAME", "message_stream", "\"name\"", "outbound", "Postmark: the message stream."},
    {"provider.NAME", "configuration_set", "\"name\"", "", "SES: the configuration set."},
    {"provider.NAME", "tracking", "true | false", "false",
     "Whether the provider counts who opens a mail and who clicks, for which it rewrites the mail."},
    {"provider.NAME", "lossy", "\"refuse\" | \"send\"", "refuse",
     "Mail that the transport would break (signed, encrypted, a DSN, a calendar): to the next provider of "
     "the rota that keeps it whole, else refused by 5.6.0; or sent all the same."},
    {"provider.NAME", "max_recipients", "1 … 100000", "as many as the kind takes",
     "Most recipients of one call."},
    {"provider.NAME", "max_size", "bytes", "as many as the kind takes",
     "Largest mail; a larger one goes to the next provider."},
    {"provider.NAME", "timeout", "duration", "30s", "Longest wait for one answer."},
    {"provider.NAME", "in_flight", "1 … 100000", "no limit", "Most calls at once of one process."},
    {"provider.NAME", "status_url", "\"https://…/summary.json\"", "",
     "The provider's status page, which mailrota-worker asks every minute: an outage (major, critical) "
     "counts "
     "as a fault and keeps mail away; a page that cannot be had says nothing."},
    {"provider.NAME", "webhook", "table", "",
     "What tells the provider's events from forged ones. They come to mailrota-web at /hook/NAME; without "
     "this there are none."},
    {"provider.NAME.webhook", "secret", secret, "",
     "Where the key is that events are signed with: SendGrid's public key, Mailgun's HTTP webhook signing "
     "key, Mandrill's key of the webhook, Resend's signing secret."},
    {"provider.NAME.webhook", "secrets", "array", "",
     "Several of them, each as in secret: any fits, so that a key is changed without a gap."},
    {"provider.NAME.webhook", "url", "\"https://…/hook/NAME\"", "",
     "Mandrill: the webhook's URL exactly as it is written there, for it is signed with it."},
    {"provider.NAME.webhook", "users", "array of tables", "",
     "Names and passwords (HTTP basic) of which one must come with each event. Postmark and SparkPost sign "
     "nothing and need it."},
    {"provider.NAME.webhook", "allow", "\"192.0.2.0/24\" | array", "",
     "Addresses from which events may come; without it any."},
    {"provider.NAME.webhook", "topics", "\"arn:aws:sns:…\" | array", "",
     "SES: the SNS topics that are believed; a subscription to any other is not confirmed."},
    {"provider.NAME.webhook.users", "name", "\"name\"", "", "The user's name."},
    {"provider.NAME.webhook.users", "password", secret, "", "Where its password is."},
    {"relay", "failures", "1 … 1000", "3",
     "Temporary faults in a row after which a provider gets no mail for a while."},
    {"relay", "open", "duration", "60s",
     "For how long. Then one mail tries; each try that fails doubles the time."},
    {"relay", "longest_open", "duration", "30m", "At most for so long."},
    {"relay", "suppress", "array of \"bounced\" | \"complained\" | \"unsubscribed\" | \"rejected\"",
     "[\"bounced\", \"complained\"]",
     "Events that put their recipient on the suppression list, which holds for all providers."},
    {"relay", "notify", "true | false", "true",
     "Tell the sender (DSN, RFC 3464) of a bounce that comes after the provider took the mail."},
    {"events", "command", "\"command\"", "",
     "Run by /bin/sh for each batch of events, one JSON a line on its standard input."},
    {"events", "url", "\"https://…\"", "",
     "Gets each batch of events by a signed POST (Standard Webhooks); http:// to this machine only."},
    {"events", "secret", secret, "", "Where the key is that signs it."},
    {"events", "ca_file", "\"/PATH\"", "the system's",
     "Certificates, PEM, to trust instead of the system's."},
    {"events", "expire", "duration", "72h", "How long a batch is tried before it is given up."},
    {"events", "max_body", "bytes", "5000000", "Largest request of a webhook."},
};

}  // namespace

std::span<const Setting> relaying_settings() { return settings; }

}  // namespace mailrota::config
