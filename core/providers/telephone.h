#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/phone_settings.h"
#include "core/mail/result.h"
#include "core/policy/incident.h"
#include "core/providers/http.h"
#include "core/providers/phone_callback.h"
#include "core/providers/phone_news.h"

namespace mailrota::providers {

// The secrets of one telephone account, read.
struct TelephoneKeys {
    std::string secret;
    std::vector<std::string> auth_tokens;
};

// What an answer to a request says, by what is to be done next.
enum class PhoneOutcome {
    accepted,
    number,         // this number cannot be reached at all: the next way or person, at once
    configuration,  // our settings are wrong: somebody must look; the next account
    callback,       // our callback URL was refused: once more without callbacks
    blocked,        // fraud or carrier block: never again for this number by this account; the next account
    account,        // wrong key, suspended, no funds: the next account, and this one rests
    temporary,      // nothing was done, later perhaps
    uncertain,      // it may have been done: to be found out first
    benign,         // there was nothing to do: cancelling a call that is over
};
std::string_view to_string(PhoneOutcome outcome);

struct PhoneAnswer {
    PhoneOutcome outcome = PhoneOutcome::uncertain;
    std::string provider_id;              // accepted: "CA…", "SM…"; opaque
    std::string status;                   // accepted: "queued"
    std::string answered_by;              // of a fetched call; may be empty
    std::string sip;                      // "480"; may be empty
    int code = 0;                         // the provider's own; 0: none
    std::chrono::seconds retry_after{0};  // 0: none said
    std::string words;                    // one line for people, without secrets
    bool may_pass = false;                // number: perhaps an outage of its network, worth one later try
};

// Where the provider finds us, for one contact. Empty: we cannot be reached.
struct CallUrls {
    std::string twiml;   // what is said
    std::string digit;   // where a pressed key goes
    std::string status;  // where the call's states go
};
// "https://mail.example.com/call" and the contact's id: ".../<id>/twiml", ".../<id>/digit",
// ".../<id>/status".
CallUrls urls_of(std::string_view public_url, std::string_view contact);

// One call that the provider knows of, in a list.
struct ListedCall {
    std::string provider_id;
    std::string status;
    std::string from;
    std::string to;
    std::chrono::sys_seconds created{};
};
// One message that came in.
struct ListedMessage {
    std::string id;
    std::string from;
    std::string to;
    std::string body;  // as it was written, lines and all; UTF-8
    std::chrono::sys_seconds sent{};
};

// The REST interface of Twilio (API 2010-04-01) and of whoever has the same: builds requests, reads answers.
// Pure, immutable, thread-safe. Read functions are told whatever came: garbage is `uncertain` after a POST
// that may have been carried out, `temporary` after a GET.
class Telephone {
  public:
    Telephone(config::TelephoneSettings settings, TelephoneKeys keys);

    // A call that says the document inline if `twiml` is given, else fetches urls.twiml. `ring` as settings.
    // Status callbacks (initiated, ringing, answered, completed) if urls.status is given.
    HttpRequest place_call(const policy::Contact& contact, const CallUrls& urls,
                           const std::optional<std::string>& twiml, std::chrono::seconds ring) const;
    HttpRequest send_sms(const policy::Contact& contact, std::string_view body,
                         std::string_view status_url) const;
    static PhoneAnswer read_sent(const HttpAnswer& answer);
    // When no answer came.
    static PhoneAnswer read_failure(const HttpFailure& failure);

    HttpRequest fetch(const policy::Contact& contact) const;
    // `unavailable` if it helps to ask again.
    static Result<PhoneNews> read_fetched(policy::Contact::Way way, const HttpAnswer& answer);
    // Ends a call, or takes back an SMS that was not sent yet: `talking` calls are completed, others
    // cancelled.
    HttpRequest cancel(const policy::Contact& contact, bool talking) const;
    // What there is nothing to cancel of (over, unknown, sent already) is `benign`.
    static PhoneAnswer read_cancelled(const HttpAnswer& answer);

    // Calls (messages) to this number since that day, the newest first, for finding out what became of a
    // request without answer. Filters of dates know whole days only: entries may be older.
    HttpRequest list_sent(policy::Contact::Way way, std::string_view to,
                          std::chrono::sys_seconds since) const;
    static Result<std::vector<ListedCall>> read_list(policy::Contact::Way way, const HttpAnswer& answer);
    HttpRequest list_received(std::chrono::sys_seconds since) const;
    static Result<std::vector<ListedMessage>> read_received(const HttpAnswer& answer);

    // A harmless authenticated call.
    HttpRequest probe() const;
    static PhoneAnswer read_probe(const HttpAnswer& answer);

    const config::TelephoneSettings& settings() const { return settings_; }

  private:
    config::TelephoneSettings settings_;
    TelephoneKeys keys_;
};

}  // namespace mailrota::providers
