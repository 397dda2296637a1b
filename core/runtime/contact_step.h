#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/policy/breaker.h"
#include "core/policy/policy.h"
#include "core/runtime/telephones.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// The payload of a job of kind "contact": what its attempts have to know beside the stored contact.
struct ContactJob {
    std::string contact;
    std::int64_t incident = 0;
    std::vector<std::string> refused;  // accounts that do not carry it
    std::vector<std::string> failing;  // that could not for the moment, since it rested last
    bool plain = false;                // without callbacks: the account refused them
    int looks = 0;                     // for a request without an answer, in vain
    std::chrono::seconds faulty{0};    // waited for accounts that fail, not for a line or a slot
};
std::string to_json(const ContactJob& job);
Result<ContactJob> read_contact_job(std::string_view payload);

// Under what the store bars a number for one way: who writes STOP may still be called.
std::string bar_key(policy::ContactWay way, std::string_view number);

// What was begun so long ago is over: it is looked after no longer, and takes up no line.
inline constexpr std::chrono::hours longest_call{1};

// For how long a number that cannot be reached at all is left alone.
inline constexpr std::chrono::hours barred_for{24 * 30};

// So long a contact waits for accounts that fail before it is unreached.
inline constexpr std::chrono::seconds patience{180};

// How long an account that fails is left alone.
policy::BreakerTerms account_terms();

// What is to be done for a contact now.
struct ContactStep {
    enum class Do {
        finish,  // nothing more
        wait,    // nothing yet
        send,    // the request: it is written as begun
        find,    // whether a request without an answer was carried out
        look,    // how the call or SMS stands
        cancel,  // it is not needed any more
    };
    Do what = Do::finish;
    policy::Contact contact;
    policy::Incident incident;
    std::chrono::seconds wait{0};           // wait
    store::Incidents::Milliseconds slot{};  // send: not before
    std::string words;                      // finish, wait: why, for the job's line
};

// After so long again, when the account could not be asked about a contact: the longer it has been under way,
// the longer.
std::chrono::seconds next_look(const policy::Contact& contact, store::Time now);

// What every step stands on.
struct ContactTerms {
    const Telephones& telephones;
    const policy::Policy& policy;  // for the names of people
    store::Incidents::Milliseconds now{};

    store::Time seconds() const { return std::chrono::floor<std::chrono::seconds>(now); }
};

// Decides and writes, in one transaction, what an attempt at the contact's job is to do: so a contact is
// begun by one worker only, within the account's pace and number of calls, the limit of its number, and only
// while its incident wants it. Decisions:
// - over, or its incident gone: finish. Its incident acknowledged or resolved: a waiting one is cancelled, a
//   placed one is to be cancelled, unless it is the one that acknowledged it; one that has begun is found
//   first.
// - waiting: it goes out as soon as there is a line for it (take_line); unreached, when it has
//   waited for accounts that are all out of order for a while, which the job counts. The first call of a
//   critical incident knows no limit of its number.
// - begun: the process died, or no answer came: after a moment for callbacks it is to be found.
// - placed: to be looked at.
// - begun or placed an hour ago, or by an account that the configuration lacks now: unreached, as nobody will
//   ever tell more.
Result<ContactStep> contact_step(store::Transaction& transaction, const ContactTerms& terms, ContactJob& job);

// What a request's answer makes of the contact: it is written, the account's breaker told, the job changed. A
// contact of which callbacks have told more in the meantime stays as it is.
struct ContactAnswered {
    policy::Contact contact;
    bool over = false;             // the job is done
    std::chrono::seconds wait{0};  // else: after so long again
    std::string words;
    bool alarm = false;  // somebody must look at the account
};
// `asked`: the contact as it was begun; of a later request for it this is no answer.
Result<ContactAnswered> put_answer(store::Transaction& transaction, const ContactTerms& terms,
                                   ContactJob& job, const policy::Contact& asked,
                                   const providers::PhoneAnswer& answer);

// Before the request of a contact that had to wait for its slot: whether its incident still has a use for it.
// If not, nothing goes out: it is waiting again, and its next step ends it.
Result<bool> still_wanted(store::Transaction& transaction, const ContactJob& job);

// What looking for a request without an answer came to: the provider's id, or nothing found.
Result<ContactAnswered> put_found(store::Transaction& transaction, const ContactTerms& terms, ContactJob& job,
                                  const std::vector<providers::ListedCall>& listed);
// News of the account that was asked how it stands.
Result<ContactAnswered> put_news(store::Transaction& transaction, const ContactTerms& terms,
                                 const ContactJob& job, const providers::PhoneNews& news);

// The contact of a job, with its incident locked before it, as everybody does who changes both.
Result<policy::Contact> locked_contact(store::Transaction& transaction, const ContactJob& job);

}  // namespace mailrota::runtime
