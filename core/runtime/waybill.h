#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/runtime/delivery.h"
#include "core/store/journal.h"
#include "core/wire/smtp_client.h"

namespace mailrota::runtime {

// What of one mail goes where, and what became of it: the part of Delivery that decides. Pure; the part that
// sends and writes is Errand.
struct Waybill {
    enum class Way { next_hop, reinject, relay };

    // One address that the mail is sent to.
    struct Leg {
        Way way = Way::next_hop;
        wire::OutgoingMail::Recipient to;
        std::string key;       // journal key: of the offer if the mail stays with its recipient, else of
                               // mail and address, so that nobody gets a mail twice by two recipients
        bool copy = false;     // of nobody's: a rule's copy
        bool earlier = false;  // the journal knows it: not sent again
        bool handed = false;   // a job goes on with it
        std::string rota{};    // relay: of providers
        std::optional<wire::SmtpResult> result{};  // once it was sent
        std::string provider{};                    // relay: who told the result; empty: nobody was asked
    };

    // One received recipient, each address once.
    struct Party {
        std::size_t recipient = 0;                // the first of its places in the envelope
        std::string offer;                        // mail::offer_key()
        std::vector<std::size_t> legs;            // all of them have to be done
        std::string box;                          // or it is put in a box
        std::optional<RecipientOutcome> outcome;  // once it is known
    };

    std::vector<Party> parties;
    std::vector<std::size_t> party_of;  // for each recipient of the envelope
    std::vector<Leg> legs;              // each address of a way once

    // Whether something is left to be done for a recipient or a copy.
    bool open() const;
};

// Sorts the plan out: fates that need no sending have their outcome; what cannot be sent for want of a
// setting is deferred.
Waybill make_waybill(const Order& order);

// What to ask the journal for; empty: there is nothing to be done.
std::vector<std::string> journal_keys(const Waybill& bill);
// Answers from the journal what was done before.
void look_up(Waybill& bill, const std::vector<store::JournalEntry>& entries);
// Everybody without an outcome is deferred with this reply.
void defer_open(Waybill& bill, const wire::Reply& reply);
// Where one reply stands for all, nothing is sent while somebody has to wait for it.
void wait_for_all(Waybill& bill);
// Indexes of the legs of this way that are to be sent now.
std::vector<std::size_t> legs_to_send(const Waybill& bill, Waybill::Way way);
// The outcome of whoever waited for legs or for a box. `order` as given to make_waybill.
void conclude(Waybill& bill, const Order& order);
// One outcome for each of the envelope's recipients.
std::vector<RecipientOutcome> outcomes(const Waybill& bill);

// Where legs of a way are sent: nothing if the listener has no endpoint for it. Not for relay.
const std::optional<config::Endpoint>& endpoint_of(const Order& order, Waybill::Way way);
// Where a leg goes, for people: "lmtp:unix:/run/dovecot/lmtp", "sendgrid", "rota bulk".
std::string peer_of(const Order& order, const Waybill::Leg& leg);

}  // namespace mailrota::runtime
