#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/mail_event.h"
#include "core/mail/result.h"
#include "core/policy/breaker.h"
#include "core/store/journal.h"

namespace mailrota::store {

// One call that hands a mail for some recipients to one provider: written before it goes out, so that after a
// crash it is known that something may have been sent. Known by its id.
struct RelayAttempt {
    enum class State {
        begun,      // may have gone out
        accepted,   // each recipient has its own outcome
        refused,    // nothing was taken: for good, or another provider was tried
        uncertain,  // went out, and no answer came
    };
    struct Recipient {
        enum class Outcome { open, accepted, failed, deferred, uncertain };

        std::string offer;    // mail::offer_key()
        std::string address;  // as it was sent
        Outcome outcome = Outcome::open;
        std::string provider_id;  // the provider's message id; may be empty
        std::string words;        // the provider's on this recipient; may be empty
        mail::MailEvent::Type standing = mail::MailEvent::Type::unknown;  // by later events
        Time standing_at{};

        bool operator==(const Recipient&) const = default;
    };

    std::string id;    // the correlation id that the mail carries, 32 hexadecimal digits
    std::string mail;  // StoredMail::id
    std::string rota;
    std::string provider;
    State state = State::begun;
    int tries = 1;      // calls so far; filled in by the store
    Time begun{};       // the first since the provider has refused it: older ones sent nothing
    Time last{};        // the last call
    Time ended{};       // when the state was told; 0 while begun
    std::string owner;  // process and call that works at it, another for each call: who may end it
    std::string words;  // what the provider said, one line, without secrets
    std::vector<Recipient> recipients;

    bool operator==(const RelayAttempt&) const = default;
};
std::string_view to_string(RelayAttempt::State state);
std::string_view to_string(RelayAttempt::Recipient::Outcome outcome);

// Which provider a rota keeps to since it worked.
struct RelayHold {
    std::string provider;
    Time until{};

    bool operator==(const RelayHold&) const = default;
};

// The relaying part of a transaction. Attempts live as long as the journal's entries of their mail.
class Relays {
  public:
    virtual ~Relays() = default;

    // Writes an attempt that begins, and its mail if that is new. An earlier one of the same id is begun
    // again: one try more, `last`, `owner`, and `begun` if it was refused; its recipients, with what is known
    // of them, and its words stay.
    // From here to its end no other transaction writes of this mail, as after put_journal().
    virtual Result<void> begin_attempt(const StoredMail& mail, const RelayAttempt& attempt) = 0;
    // Writes state, ended, words and each recipient's outcome, provider_id and words. Standings stay as they
    // are. False, and nothing changes, if the attempt is not this owner's any more (somebody else began it
    // again) or has ended for good (accepted, refused): whoever finds out what became of an uncertain one
    // ends it under the owner that it has read.
    virtual Result<bool> end_attempt(const RelayAttempt& attempt) = 0;
    virtual Result<std::optional<RelayAttempt>> attempt(std::string_view id) = 0;
    // Every attempt that has one of these offers among its recipients, whole, each once, the oldest first. In
    // a write they are locked: what is read stays true to its end.
    virtual Result<std::vector<RelayAttempt>> attempts_of(const std::vector<std::string>& offers) = 0;
    // The oldest first.
    virtual Result<std::vector<RelayAttempt>> attempts_of_mail(std::string_view mail) = 0;
    // The newest attempts at this provider whose recipients got this message id from it (whole, or it begins
    // with that: SendGrid's events have a longer one); at most `limit`.
    virtual Result<std::vector<RelayAttempt>> attempts_by_provider_id(std::string_view provider,
                                                                      std::string_view message_id,
                                                                      std::size_t limit) = 0;
    virtual Result<void> put_standing(std::string_view attempt, std::string_view offer,
                                      mail::MailEvent::Type standing, Time at) = 0;

    // Those that were ever put, of these scopes, in their order; every one if `scopes` is empty. In a write
    // their rows are locked. Such a write names its providers to Store::write() like rotas, so that all nodes
    // take them in one order: otherwise two that wait for each other cost PostgreSQL's deadlock_timeout.
    virtual Result<std::vector<policy::Breaker>> breakers(const std::vector<std::string>& scopes) = 0;
    virtual Result<void> put_breaker(const policy::Breaker& breaker) = 0;
    virtual Result<std::optional<RelayHold>> relay_hold(std::string_view rota) = 0;
    virtual Result<void> put_relay_hold(std::string_view rota, const RelayHold& hold) = 0;
};

}  // namespace mailrota::store
