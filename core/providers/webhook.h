#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/config/provider_settings.h"
#include "core/mail/mail_event.h"
#include "core/mail/result.h"

namespace mailrota::providers {

// A request at a provider's webhook, as it came.
struct HookRequest {
    std::string method;  // "POST", "HEAD", "GET"
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  // not looked into before it is verified

    std::string_view header(std::string_view name) const;  // case-folded; empty if there is none
};

// What a webhook is checked with; secrets read.
struct HookKeys {
    std::vector<std::string> secrets;
    std::string url;
    std::vector<std::pair<std::string, std::string>> users;  // name, password; if any, one of them must fit
    std::vector<std::string> topics;
    std::map<std::string, std::string, std::less<>> certificates;  // ses: URL → PEM, fetched so far
};

// Ours: the provider's signature, password or probe is right.
struct Genuine {
    std::string
        token;  // to be used once only (Mailgun's, Svix's id); empty: the events' ids are guard enough
    std::chrono::seconds token_life{0};
    bool probe = false;  // HEAD, Mandrill's test post, SparkPost's ping: 200 and nothing to store
};
struct Forged {
    int status =
        401;  // 400, 401, 403, 406 …: what this provider understands (never one that makes it discard)
    std::string why;  // for the log; the answer says nothing of it
};
// ses: the signing certificate is not known yet. Its URL is checked: https, Amazon's host.
struct NeedsCertificate {
    std::string url;
};
using Verdict = std::variant<Genuine, Forged, NeedsCertificate>;

// What a genuine request says.
struct HookNews {
    std::vector<mail::MailEvent> events;  // unknown kinds of event among them, as Type::unknown
    std::size_t unreadable = 0;           // elements of a batch that are no event at all
    std::optional<std::string>
        confirm;  // ses: a subscription to be confirmed by GET of this URL (checked host)
};

// Reads webhooks of one kind of provider: verifies over the raw bytes, then parses. Pure, thread-safe.
// Compares in constant time. Bodies may be anything.
class Webhook {
  public:
    virtual ~Webhook() = default;
    virtual Verdict verify(const HookRequest& request, const HookKeys& keys,
                           std::chrono::sys_seconds now) const = 0;
    // After verify() said Genuine and not probe. `invalid`: the body as a whole cannot be read (answered
    // 400).
    virtual Result<HookNews> parse(const HookRequest& request) const = 0;
};

// Null for kind smtp, which sends none.
std::unique_ptr<Webhook> make_webhook(config::ProviderSettings::Kind kind);

// One event as one JSON value in the normal form: what is handed on and shown; read back by read_event().
std::string to_json(const mail::MailEvent& event);
Result<mail::MailEvent> read_event(std::string_view json);

}  // namespace mailrota::providers
