#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/phone_settings.h"
#include "core/mail/result.h"
#include "core/policy/incident.h"
#include "core/providers/http.h"

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
};

// What a status (of an answer, a callback or a poll) makes of a contact. Nothing changes for a status that is
// older than what is known: a lower sequence, or anything after the contact is over. Pure.
//
// completed: done. busy, no-answer: unreached. failed: unreached. canceled: cancelled. An SMS: sent,
// delivered: done; undelivered, failed: unreached, or barred by its error code.
struct PhoneNews {
    std::string provider_id;
    std::string status;
    int sequence = -1;  // of callbacks; -1: none
    std::string answered_by;
    std::string sip;
    int code = 0;
    std::string words;
};
std::optional<policy::Contact> after(const policy::Contact& contact, const PhoneNews& news,
                                     std::chrono::sys_seconds now);

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
    std::string body;
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
    PhoneAnswer read_sent(const HttpAnswer& answer) const;
    // When no answer came.
    static PhoneAnswer read_failure(const HttpFailure& failure);

    HttpRequest fetch(const policy::Contact& contact) const;
    Result<PhoneNews> read_fetched(policy::Contact::Way way, const HttpAnswer& answer) const;
    // Ends a call, or takes back an SMS that was not sent yet: `talking` calls are completed, others
    // cancelled.
    HttpRequest cancel(const policy::Contact& contact, bool talking) const;

    // Calls (messages) to this number since that day, for finding out what became of a request without
    // answer.
    HttpRequest list_sent(policy::Contact::Way way, std::string_view to,
                          std::chrono::sys_seconds since) const;
    Result<std::vector<ListedCall>> read_list(policy::Contact::Way way, const HttpAnswer& answer) const;
    HttpRequest list_received(std::chrono::sys_seconds since) const;
    Result<std::vector<ListedMessage>> read_received(const HttpAnswer& answer) const;

    // A harmless authenticated call.
    HttpRequest probe() const;
    PhoneAnswer read_probe(const HttpAnswer& answer) const;

    const config::TelephoneSettings& settings() const { return settings_; }

  private:
    config::TelephoneSettings settings_;
    TelephoneKeys keys_;
};

// A callback as it came. The URL is the public one, as the provider was given it.
struct CallbackRequest {
    std::string method;  // "GET", "POST"
    std::string url;     // with its query
    std::string type;    // Content-Type
    std::string signature;
    std::string body;
};
// Whether one of the tokens has signed it: over the URL with and without its port, form and JSON. Compares in
// constant time. No token: false.
bool genuine(const CallbackRequest& request, std::span<const std::string> tokens);

// The parameters of a callback: of a POST its form, of a GET its query. At most 200, 100 kB.
using Form = std::vector<std::pair<std::string, std::string>>;
Result<Form> callback_form(const CallbackRequest& request);
std::string_view value_of(const Form& form, std::string_view name);  // of the first; empty if there is none

PhoneNews read_call_status(const Form& form);
PhoneNews read_sms_status(const Form& form);

// What a pressed key, or the words of an SMS in reply, ask for.
struct Command {
    enum class Do { acknowledge, pass_on, resolve, repeat, stop, unknown };
    Do what = Do::unknown;
    std::optional<std::int64_t> incident;  // SMS: "ack 17"
};
Command read_digit(std::string_view digits);  // 1 acknowledge, 2 pass on, 3 resolve, * or 9 repeat
Command read_reply(std::string_view text);    // "1", "1 17", "ack", "ACK 17", "next", "resolve 17", "STOP"

}  // namespace mailrota::providers
