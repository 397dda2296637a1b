#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/keys.h"
#include "core/mail/result.h"
#include "core/policy/rota.h"
#include "core/store/boxes.h"
#include "core/store/events.h"
#include "core/store/incidents.h"
#include "core/store/journal.h"
#include "core/store/outbox.h"
#include "core/store/relays.h"
#include "core/store/suppressions.h"

namespace mailrota::store {

using policy::MemberState;
using policy::RotaState;

// A turn as it is remembered: which members of which rota a mail went to. Known by (rota, key).
struct StoredTurn {
    std::string rota;
    std::string key;                   // MessageKey::hex
    std::vector<std::string> members;  // ids; empty for a fallback
    std::vector<std::string> targets;
    std::string reason;      // "turn", "sticky", "fallback", …
    std::string queue_id;    // for the history; may be empty
    std::string message_id;  // for the history; may be empty
    Time at{};

    bool operator==(const StoredTurn&) const = default;
};

// Under which name put_bytes() takes what is kept of a mail (StoredMail::id) as long as its journal.
inline std::string bytes_name_of(std::string_view mail) { return "relayed/" + std::string(mail); }

// What a piece of work may ask and write inside one transaction. Sees its own writes. Lives only during the
// work; one thread. Every function fails with `unavailable` (locked, full, read-only, gone, not connected) or
// `invalid` (a bug, a corrupt file).
class Transaction : public Journal,
                    public Boxes,
                    public Outbox,
                    public Relays,
                    public Events,
                    public Suppressions,
                    public Incidents {
  public:
    ~Transaction() override = default;

    virtual Result<std::optional<StoredTurn>> turn(std::string_view rota, std::string_view key) = 0;
    // Replaces an earlier turn of the same (rota, key).
    virtual Result<void> put_turn(const StoredTurn& turn) = 0;
    // The newest first, at most `limit`; of every rota if `rota` is empty.
    virtual Result<std::vector<StoredTurn>> history(std::string_view rota, std::size_t limit) = 0;
    // Of every rota, by the key of the mail.
    virtual Result<std::vector<StoredTurn>> turns_of(std::string_view key) = 0;
    // The same by queue id or Message-ID (brackets or not): for people.
    virtual Result<std::vector<StoredTurn>> find_turns(std::string_view id, std::size_t limit) = 0;

    // Empty for a rota that never had a turn. In a write the rota must be among those named to Store::write.
    virtual Result<RotaState> rota_state(std::string_view rota) = 0;
    // Writes the members that differ from what is stored; entries that are not in `state` stay.
    virtual Result<void> put_rota_state(std::string_view rota, const RotaState& state) = 0;

    // The member whom the newest of these conversation keys belongs to and that is still valid at `now`.
    virtual Result<std::optional<std::string>> sticky(std::string_view rota,
                                                      const std::vector<std::string>& keys, Time now) = 0;
    // Gives each of the keys to the member until `until`.
    virtual Result<void> put_sticky(std::string_view rota, const std::vector<std::string>& keys,
                                    std::string_view member, Time until) = 0;

    // Bytes of a message under a name of the caller's; every byte value, any length to 1 GB, empty included.
    // They stay until they are dropped; those under bytes_name_of() a mail go with it.
    virtual Result<void> put_bytes(std::string_view name, std::string_view bytes) = 0;
    virtual Result<std::optional<std::string>> bytes(std::string_view name) = 0;
    virtual Result<void> drop_bytes(std::string_view name) = 0;
};

// The work of one transaction. May be run more than once (after a lost lock or a deadlock), so its only
// effects are on the transaction and on variables that it sets anew each time. An error rolls back its own
// changes and no one else's.
using Work = std::function<Result<void>(Transaction&)>;

// One of several works that are handed in together.
struct Write {
    std::vector<std::string> rotas;
    Work work;
};

// Counters for metrics, since the store was opened.
struct StoreCounters {
    std::uint64_t works = 0;     // pieces of work committed
    std::uint64_t commits = 0;   // transactions that held them
    std::uint64_t failures = 0;  // pieces of work that failed
};

// What is remembered, durably. Thread-safe; every function blocks. Owned by the program's main.
//
// Writes of concurrent callers are grouped: one transaction, one sync, each work in a savepoint of its own.
// When write() returns success, the work is on disk (or in the PostgreSQL server's log). How long it may
// block is bounded by the driver (`busy` in StoreOptions).
class Store {
  public:
    virtual ~Store() = default;

    // `rotas`: those whose state the work reads or writes; they are locked in name order before any work of
    // the group runs.
    virtual Result<void> write(std::vector<std::string> rotas, Work work) = 0;
    // The same for many works at once: one group (or a few), each work by itself in it. One result a work, in
    // order.
    virtual std::vector<Result<void>> write_all(std::vector<Write> writes) = 0;
    // A consistent view; writes inside are an error. Never waits for writers on SQLite.
    virtual Result<void> read(Work work) = 0;
    // Runs the work and rolls it back: what would happen.
    virtual Result<void> rehearse(std::vector<std::string> rotas, Work work) = 0;

    // The secret that signs trace headers, made once for all nodes.
    virtual Result<mail::TraceSecret> trace_secret() = 0;
    // Forgets what ended before `now` in small transactions: sticky conversations, tokens, bars of numbers;
    // and turns, journal with its attempts, stories, events, jobs that are done, incidents and triggers
    // `keep` ago. Returns how many rows went, without those that belong to an incident.
    virtual Result<std::size_t> purge(Time now, std::chrono::seconds keep) = 0;
    // Whether a write would succeed now.
    virtual Result<void> probe() = 0;
    virtual StoreCounters counters() const = 0;
    // "sqlite:/var/lib/mailrota/state.db", without a password: for logs and status.
    virtual std::string description() const = 0;
};

struct StoreOptions {
    std::chrono::milliseconds busy{5000};  // longest wait for a lock, a connection or a statement
    bool create = true;                    // make the database and its tables, or bring them up to date
};

// Opens "sqlite:/path", "postgresql://…" (libpq's URI) or "memory:" (a scratch database
// that ends with the store, for tests and for explain without a database). Runs the migrations that are
// missing; refuses a database whose schema is newer than this program.
Result<std::unique_ptr<Store>> open_store(std::string_view url, StoreOptions options = {});

}  // namespace mailrota::store
