#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/store/journal.h"

namespace mailrota::store {

// One recipient of a mail in a box.
struct BoxRecipient {
    enum class State { waiting, delivered, failed };

    std::string address;
    std::vector<std::string> parameters;  // of its RCPT command: NOTIFY=…, ORCPT=…
    State state = State::waiting;
    std::string reply;  // what the puller said last; may be empty

    bool operator==(const BoxRecipient&) const = default;
};

// A mail in a box, waiting for a puller. Its bytes are kept as they came; what is hidden is hidden at
// hand-out.
struct BoxItem {
    std::string id;  // unguessable, made by the caller
    std::string box;
    std::string mail;  // StoredMail::id
    std::string sender;
    std::vector<std::string> sender_parameters;  // BODY=8BITMIME, RET=…, ENVID=…
    std::vector<BoxRecipient> recipients;        // each address once
    std::uint64_t size = 0;
    Time queued{};
    Time expires{};
    int leases = 0;       // how often it was handed out
    std::string lease;    // token of the last lease; empty if none
    Time leased_until{};  // handed out again after this; also the time before which a deferred mail rests

    bool operator==(const BoxItem&) const = default;
};

// What a puller says of one recipient.
struct BoxResult {
    enum class Outcome { delivered, failed, deferred };

    std::string item;
    std::string recipient;  // BoxRecipient::address
    Outcome outcome = Outcome::delivered;
    std::string reply;
};

// What became of such a word.
enum class Acknowledged {
    taken,     // noted
    repeated,  // known before: nothing changed
    stale,     // failed or deferred under a lease that is not in force any more: nothing changed
    unknown,   // no such item or recipient in this box
};

struct BoxCounts {
    std::uint64_t waiting = 0;  // not leased now
    std::uint64_t leased = 0;
    std::uint64_t bytes = 0;
    Time oldest{};  // 1970 if the box is empty
};

// The boxes' part of a transaction. First in, first out: of what is free, the oldest is leased first.
//
// An item lives from put_in_box() until every recipient is delivered or failed; then item and bytes are gone.
class Boxes {
  public:
    virtual ~Boxes() = default;

    // Idempotent by item id. What the item says of leases is not taken: it was never leased.
    virtual Result<void> put_in_box(const BoxItem& item, std::string_view bytes) = 0;
    // Leases to `token` until `until` what is free at `now` (never leased, or its time is over, and not
    // expired): at most `count` items of at most `bytes` together; the first one whatever its size. Their
    // recipients are those that still wait. Two callers never get the same item.
    virtual Result<std::vector<BoxItem>> lease_box(std::string_view box, std::size_t count,
                                                   std::uint64_t bytes, std::string_view token, Time now,
                                                   Time until) = 0;
    // Moves the end of the lease; returns how many items it still holds.
    virtual Result<std::size_t> renew_lease(std::string_view box, std::string_view token, Time until) = 0;
    // Gives back what the lease still holds, free at `due`.
    virtual Result<std::size_t> end_lease(std::string_view box, std::string_view token, Time due) = 0;
    // A delivery counts whoever's lease is in force: it has happened. A failure or deferral counts only under
    // the lease in force, which is the last one, for as long as nobody took the item anew or gave it back. A
    // deferral leaves the recipient waiting; when every recipient that waits has been told of under this
    // lease, the item is free again at `due`. What was said of a recipient last, delivered or failed, stays.
    virtual Result<Acknowledged> acknowledge(std::string_view box, std::string_view token,
                                             const BoxResult& result, Time due) = 0;

    virtual Result<std::vector<BoxItem>> box_items(std::string_view box,
                                                   std::size_t limit) = 0;  // oldest first
    virtual Result<BoxItem> box_item(std::string_view box,
                                     std::string_view id) = 0;  // `invalid` if there is none
    virtual Result<std::string> box_bytes(std::string_view box,
                                          std::string_view id) = 0;  // as they came; likewise
    virtual Result<BoxCounts> box_counts(std::string_view box, Time now) = 0;
    // Items of any box that have expired and are not leased, oldest first.
    virtual Result<std::vector<BoxItem>> expired_items(Time now, std::size_t limit) = 0;
    virtual Result<void> drop_item(std::string_view box, std::string_view id) = 0;  // with its bytes
};

}  // namespace mailrota::store
