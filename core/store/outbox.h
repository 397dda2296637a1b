#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/store/journal.h"

namespace mailrota::store {

// A piece of work for the worker. Known by its key: put again, it is the same job.
struct Job {
    enum class State {
        waiting,  // due at `due`
        leased,   // somebody works at it until `leased_until`; then it is anybody's again
        done,     // kept without its bytes until purge(), so that its key stays known
        failed,   // ended without success, kept for the administrator (`job retry`, `job drop`)
    };

    std::int64_t id = 0;  // given by the store, ascending
    std::string key;
    std::string kind;     // "deliver"
    std::string mail;     // StoredMail::id of the mail it is about; may be empty
    std::string payload;  // JSON, of the kind's own shape; secrets never
    int priority = 0;     // larger goes first
    State state = State::waiting;
    Time created{};
    Time due{};
    Time expires{};
    int attempts = 0;        // begun
    std::string last;        // what the last attempt came to, one line
    std::string owner;       // who holds the lease: "host/pid"
    std::int64_t fence = 0;  // number of the lease, ascending: whoever holds an older one changes nothing
    Time leased_until{};

    bool operator==(const Job&) const = default;
};
std::string_view to_string(Job::State state);

// The outbox's part of a transaction.
class Outbox {
  public:
    virtual ~Outbox() = default;

    // Writes a job that waits (key, kind, mail, payload, priority, created, due, expires) and its bytes.
    // False: the key is known, nothing changed.
    virtual Result<bool> put_job(const Job& job, std::string_view bytes) = 0;
    // Takes at most `limit` jobs that are due (or whose lease is over), by priority, then due, then id: state
    // leased until `until`, a new fence, one attempt more. No two claims get the same job (PostgreSQL: SKIP
    // LOCKED). `kinds`: only of these; any if it is empty.
    virtual Result<std::vector<Job>> claim_jobs(std::string_view owner, Time now, Time until,
                                                std::size_t limit,
                                                const std::vector<std::string>& kinds = {}) = 0;
    // `invalid` if there is no such job or it is done.
    virtual Result<std::string> job_bytes(std::int64_t id) = 0;

    // Each is false, and changes nothing, if the fence is not the job's: somebody else has it by now.
    virtual Result<bool> renew_job(std::int64_t id, std::int64_t fence, Time until) = 0;
    virtual Result<bool> finish_job(std::int64_t id, std::int64_t fence, std::string_view last) = 0;
    virtual Result<bool> fail_job(std::int64_t id, std::int64_t fence, std::string_view last) = 0;
    virtual Result<bool> postpone_job(std::int64_t id, std::int64_t fence, Time due, std::string_view payload,
                                      std::string_view last) = 0;
    // The job of this key is due then, if it was due later. One that is leased is so as soon as it is
    // postponed: whoever has it may have looked already at what has changed. (It may have looked after it:
    // then it looks once more.) False if there is none, or it is done or failed.
    virtual Result<bool> hasten_job(std::string_view key, Time due) = 0;

    // For people. The oldest first; every state but done unless asked for.
    virtual Result<std::vector<Job>> jobs(bool with_done, std::size_t limit) = 0;
    virtual Result<std::optional<Job>> job(std::int64_t id) = 0;
    virtual Result<bool> retry_job(std::int64_t id, Time now,
                                   Time expires) = 0;    // waiting or failed: due now
    virtual Result<bool> drop_job(std::int64_t id) = 0;  // not while leased at the time
    // When the next job is due or a lease ends; nothing if there is none.
    virtual Result<std::optional<Time>> next_due() = 0;
};

}  // namespace mailrota::store
