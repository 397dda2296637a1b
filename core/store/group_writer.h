#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "core/store/sql_connection.h"
#include "core/store/sql_transaction.h"
#include "core/store/store.h"

namespace mailrota::store {

// The one writer of a store. Callers line up; whoever is first does the work of all who wait, in one
// transaction with one sync, then tells them and hands over to the next. So a lone caller pays no hand-over
// between threads, and a crowd shares its syncs.
//
// A group runs without savepoints first, because works hardly ever fail; when one does, the group is undone
// and run again with each work in a savepoint of its own.
//
// Promises: success means committed; a work that fails, or throws, takes back its own changes and no one
// else's; a group that the database undid (deadlock, lost connection, disk full at the commit) is run again,
// each work by itself. Thread-safe; a task must not call the writer. Owned by SqlStore, which outlives every
// call.
class GroupWriter {
  public:
    using Task = std::function<Result<void>(SqlTransaction&)>;
    enum class End { commit, roll_back };

    GroupWriter(SqlDatabase& database, std::unique_ptr<SqlConnection> connection);

    // A task and what it needs; the task outlives the call.
    struct Request {
        std::vector<std::string> rotas;
        const Task* task = nullptr;
        End end = End::commit;
    };

    // Blocks until the task's group is committed. The task may run on the thread of another caller.
    Result<void> run(std::vector<std::string> rotas, const Task& task, End end = End::commit);
    // The same for many tasks that line up together: a few groups. One result each, in order.
    std::vector<Result<void>> run_all(std::vector<Request> requests);
    StoreCounters counters() const;

  private:
    struct Caller {
        std::size_t waiting_for = 0;  // jobs of its that are not done
        std::condition_variable wake{};
    };
    struct Job {
        std::vector<std::string> rotas;  // sorted, each once
        const Task& task;
        End end;
        Caller& caller;
        Result<void> result{};
    };
    using Group = std::span<Job* const>;
    enum class Savepoints { none, each };

    void line_up(Caller& caller, std::span<Job> jobs);
    void lead(std::unique_lock<std::mutex>& lock);

    void settle_or_fail(Group group) noexcept;
    void settle(Group group);
    void settle_singly(Group group);
    SqlResult<void> begin(Group group);
    SqlResult<void> try_begin(Group group);
    SqlResult<bool> run_group(Group group, Savepoints savepoints);
    SqlResult<void> run_one(Job& job, bool in_savepoint);
    void run_task(Job& job, SqlTransaction& transaction);
    SqlResult<void> finish(Group group);
    void count(Group group);

    SqlDatabase& database_;
    std::unique_ptr<SqlConnection> connection_;  // of whoever is first in line
    mutable std::mutex mutex_;
    std::deque<Job*> line_;  // guarded by mutex_, as counters_
    StoreCounters counters_;
};

}  // namespace mailrota::store
