#include "core/config/settings_table.h"

namespace mailrota::config {

namespace {

constexpr std::string_view secret = "{ file = \"/PATH\" } | { credential = \"NAME\" } | { env = \"NAME\" }";
constexpr bool later = calls_later;

constexpr Setting settings[] = {
    {"telephone.NAME", "kind", "\"twilio\"", "twilio",
     "Whose account it is: Twilio's, or by base_url that of a service with the same REST interface.", later},
    {"telephone.NAME", "account", "\"AC…\"", "", "The account's id.", later},
    {"telephone.NAME", "user", "\"SK…\"", "the account",
     "Whom requests are signed by: an API key. A key belongs to one region.", later},
    {"telephone.NAME", "secret", secret, "",
     "Where the secret of the API key is; without a user the account's auth token.", later},
    {"telephone.NAME", "auth_token", "as secret | array", "the secret, if there is no user",
     "Where the account's auth token is, by which callbacks are told from forged ones: an API key cannot do "
     "that. Of several any fits, so that it is changed without a gap.",
     later},
    {"telephone.NAME", "from", "\"+15550100\"", "",
     "Who calls and writes: a number of the account, or a caller id that it has verified.", later},
    {"telephone.NAME", "messaging_service", "\"MG…\"", "", "SMS: a messaging service instead of from.",
     later},
    {"telephone.NAME", "base_url", "\"https://HOST\"", "https://api.twilio.com",
     "The API's address up to the version; http:// to this machine only.", later},
    {"telephone.NAME", "region", "\"ie1\"", "",
     "Where the account's data are kept. Together with an edge: https://api.EDGE.REGION.twilio.com.", later},
    {"telephone.NAME", "edge", "\"dublin\"", "", "Where requests enter the provider's network.", later},
    {"telephone.NAME", "ca_file", "\"/PATH\"", "the system's",
     "Certificates, PEM, to trust instead of the system's.", later},
    {"telephone.NAME", "proxy", "\"http://HOST:PORT\"", "", "A proxy in between.", later},
    {"telephone.NAME", "timeout", "duration", "15s", "Longest wait for one answer.", later},
    {"telephone.NAME", "pace", "duration | \"200ms\"", "1s",
     "From one call to the next, and from one SMS to the next, of all workers together. What is placed "
     "faster waits at the provider, where nothing is urgent.",
     later},
    {"telephone.NAME", "in_flight", "1 … 1000", "2", "Most calls at once, of all workers together.", later},
    {"telephone.NAME", "detect_machines", "true | false", "false",
     "Has the provider say whether a person or a machine answered. Costs extra, and is told in logs only.",
     later},
    {"calls", "accounts", "\"NAME\" | array", "all, in the order of the file",
     "The telephone accounts in the order in which they are tried.", later},
    {"calls", "public_url", "\"https://HOST/call\"", "",
     "Where the provider reaches mailrota-web. Without it nobody has to: what is said goes out with the "
     "call, "
     "and the provider is asked how the call went.",
     later},
    {"calls", "language", "\"en-US\"", "en-US", "What members without their own language are spoken to in.",
     later},
    {"calls", "voice", "\"Polly.Joanna\"", "the provider's", "A voice of the provider's, likewise.", later},
    {"calls", "ring", "duration", "30s", "How long a telephone rings, 5s to 10m.", later},
    {"calls", "poll", "duration", "10s",
     "From one look at a call or SMS under way to the next where no callbacks tell of it: without a "
     "public_url, or where the account refused them. Without one also for SMS that came in.",
     later},
    {"calls", "limit", "table", "{ calls = 30, within = \"1h\" }",
     "Most calls and messages to one number. The first call of a critical incident goes out all the same.",
     later},
    {"calls", "expire", "duration", "1d", "How long the URLs of a call are good.", later},
    {"calls.limit", "calls", "1 … 10000", "30", "So many.", later},
    {"calls.limit", "within", "duration", "1h", "Within so long.", later},
    {"alert.NAME", "say", "\"template\"", "", "What is spoken.", later},
    {"alert.NAME", "text", "\"template\"", "as say", "What an SMS says.", later},
    {"alert.NAME", "key", "\"template\"", "the subject",
     "What an incident is about: there is one for each key. One that fills to nothing is the subject, "
     "without "
     "Re: and the like.",
     later},
    {"alert.NAME", "window", "duration", "12h",
     "How long an incident lasts at most, counted from its first mail: 5m to 90d.", later},
    {"alert.NAME", "severity", "\"info\" | \"warning\" | \"error\" | \"critical\"", "critical",
     "Worse ones are called for first. A critical one knows no quiet hours.", later},
    {"alert.NAME", "escalate", "array of tables", "",
     "The steps in their order, until somebody has acknowledged: whoever of the rota it falls on is called.",
     later},
    {"alert.NAME", "rounds", "1 … 20", "1", "How often the steps are gone through.", later},
    {"alert.NAME", "fallback", "\"address\" | array", "", "Who is told by mail when all was in vain.", later},
    {"alert.NAME", "acknowledge", "\"digit\" | \"sms\" | \"answer\"", "digit",
     "What proves that somebody has taken it on. digit: a key pressed during the call, which needs a "
     "public_url. sms: an SMS in reply, which always does. answer: that the call was answered, be it by a "
     "machine.",
     later},
    {"alert.NAME", "quiet", "hours", "", "No call begins then; those that are due wait for the end of it.",
     later},
    {"alert.NAME", "tz", "\"zone\"", "UTC", "Time zone of quiet.", later},
    {"alert.NAME", "burst", "table", "",
     "So many mails of one key within so long, before anybody is called: { mails = 5, within = \"10m\" }.",
     later},
    {"alert.NAME", "luck", "{ file = \"PATH\" }", "",
     "A line of this file closes what is spoken. A relative path is beside the configuration.", later},
    {"alert.NAME.escalate", "rota", "\"NAME\"", "", "A rota whose members are telephones.", later},
    {"alert.NAME.escalate", "tries", "1 … 20", "1", "How often.", later},
    {"alert.NAME.escalate", "wait", "duration", "5m",
     "From one try to the next, and from the last one to the next step: 1s to 24h.", later},
    {"alert.NAME.escalate", "redial", "duration", "60s, or wait if that is shorter",
     "The same after a call that reached nobody: busy, not answered, failed. Not longer than wait.", later},
    {"alert.NAME.burst", "mails", "2 … 10000", "", "So many.", later},
    {"alert.NAME.burst", "within", "duration", "", "Within so long; not longer than the window.", later},
    {"alert.NAME.luck", "file", "\"PATH\"", "",
     "One line each, without those that begin with #. Read again on reload.", later},
    {"heartbeat.NAME", "alert", "\"NAME\"", "",
     "What is raised when the mail does not come; {heartbeat} in its templates is this heartbeat's name.",
     later},
    {"heartbeat.NAME", "every", "duration", "",
     "The next mail is due so long after the last one, 5m to a year. Either this or by.", later},
    {"heartbeat.NAME", "by", "\"07:00\"", "", "A mail is due every day from midnight to this time.", later},
    {"heartbeat.NAME", "days", "\"Mon-Fri\"", "", "On these days only.", later},
    {"heartbeat.NAME", "tz", "\"zone\"", "UTC", "Time zone of by and days.", later},
    {"heartbeat.NAME", "grace", "duration", "", "It is waited for so much longer.", later},
    {"selftest.NAME", "to", "\"address\"", "",
     "Whom the mail is submitted to, at worker.submit: somebody whose mail raises the alert.", later},
    {"selftest.NAME", "from", "\"address\"", "the null sender", "Who it comes from.", later},
    {"selftest.NAME", "subject", "\"template\"", "[Self-test {token}] Nobody has to do anything",
     "Its subject: such that the rule matches. {token} is new each time and cannot be guessed, {selftest} is "
     "the name.",
     later},
    {"selftest.NAME", "text", "\"template\"", "This is self-test {selftest}. Nobody has to do anything.",
     "Its text, likewise.", later},
    {"selftest.NAME", "alert", "\"NAME\"", "",
     "The alert whose incident it is to open. The token must come into the incident's key: by a capture, or "
     "because the key is the subject.",
     later},
    {"selftest.NAME", "every", "duration", "",
     "It begins so long after the last one, 5m to a year. Either this or by.", later},
    {"selftest.NAME", "by", "\"10:00\"", "",
     "It begins every day at this time. One that would be more than an hour late is left out.", later},
    {"selftest.NAME", "days", "\"Mon-Fri\"", "", "With by: on these days only.", later},
    {"selftest.NAME", "tz", "\"zone\"", "UTC", "Time zone of by and days.", later},
    {"selftest.NAME", "within", "duration", "15m", "It must have come through by then: 10s to 24h.", later},
    {"selftest.NAME", "proof", "\"raised\" | \"sent\" | \"delivered\" | \"acknowledged\"", "delivered",
     "What counts as come through. raised: there is an incident. sent: a provider accepted a call or an SMS. "
     "delivered: a call was answered, or an SMS went out to the network. acknowledged: somebody took it on.",
     later},
    {"selftest.NAME", "alarm", "\"NAME\"", "",
     "Another alert, which is raised when it does not come through; {selftest} and {reason} in its templates "
     "say what failed. Either this or tell, or both.",
     later},
    {"selftest.NAME", "tell", "\"address\" | array", "", "Who is told by mail when it does not come through.",
     later},
    {"authentication", "authserv_id", "\"mx.example.com\"", "",
     "By which name the MTA's own verifier signs its Authentication-Results (RFC 8601). The MTA must remove "
     "fields of this name from mail that comes in.",
     later},
};

}  // namespace

std::span<const Setting> calling_settings() { return settings; }

}  // namespace mailrota::config
