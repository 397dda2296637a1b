#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config/provider_settings.h"
#include "core/mail/header_edit.h"
#include "core/mail/result.h"
#include "core/providers/http.h"
#include "core/providers/outgoing.h"

namespace mailrota::providers {

// The secrets of one provider, read.
struct Keys {
    std::string api_key;     // also the SMTP password
    std::string access_key;  // ses
    std::string secret_key;
};

// What a provider knows of a mail that we asked for by our id.
struct LookUp {
    enum class Found {
        accepted,  // it has it
        absent,    // it does not, as of now: its index may lag behind
        unknown,   // it could not be asked
    };
    Found found = Found::unknown;
    std::string provider_id;
    std::string words;
};

// What a harmless authenticated call told.
struct Probe {
    bool works = false;
    std::string words;  // "account example, 1,200 of 50,000 mails this month", or the error's words
};

// The language of one kind of provider over HTTP: builds requests, reads answers. Pure, immutable,
// thread-safe. Facts: each kind's own header names the pages of its API.
//
// read_send() is told whatever came: also garbage, an HTML page, an empty body. What cannot be read is never
// success: `uncertain` for a 2xx that does not say what it must, and for 5xx.
class Dialect {
  public:
    virtual ~Dialect() = default;

    virtual Traits traits() const = 0;
    // How many of the mail's recipients, the first ones, may be in one call of this mail: at least one. They
    // are traits().max_recipients at most already.
    virtual std::size_t most_recipients(const Outgoing& mail) const { return mail.recipients.size(); }
    // What of this mail would not arrive as it is; empty: nothing.
    virtual std::vector<Loss> losses(const Outgoing& mail) const = 0;
    // `invalid` if the mail cannot be put into a request at all (no From, null sender): a bad_message_here.
    virtual Result<HttpRequest> send(const Outgoing& mail) const = 0;
    virtual Answer read_send(const Outgoing& mail, const HttpAnswer& answer) const = 0;

    // Asks for the mail by our id, of the call that began then; only if traits().looks_up.
    virtual HttpRequest look_up(std::string_view id, std::chrono::sys_seconds begun) const = 0;
    virtual LookUp read_look_up(std::string_view id, const HttpAnswer& answer) const = 0;

    virtual HttpRequest probe() const = 0;
    virtual Probe read_probe(const HttpAnswer& answer) const = 0;
};

// The dialect of a provider with Transport::http; all its kinds but smtp have one.
std::unique_ptr<Dialect> make_dialect(const config::ProviderSettings& settings, Keys keys);

// Over SMTP: what the provider's host can do, and what has to be in the mail's header so that our id comes
// back with the events, tracking is off, and so on. Kind smtp has none.
Traits smtp_traits(config::ProviderSettings::Kind kind);
std::vector<mail::HeaderEdit> smtp_headers(const config::ProviderSettings& settings, const Outgoing& mail);

// The answer when no answer came: temporary before the body went out, else uncertain.
Answer read_failure(const Outgoing& mail, const HttpFailure& failure);

}  // namespace mailrota::providers
