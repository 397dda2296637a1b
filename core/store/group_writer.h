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
// transaction with one sync, each in a savepoint of its own, then tells them and hands over to the next. So a
// lone caller pays no hand-over between threads, and a crowd shares its syncs.
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

    // Blocks until the task's group is committed. The task may run on the thread of another caller.
    Result<void> run(std::vector<std::string> rotas, const Task& task, End end = End::commit);
    StoreCounters counters() const;

  private:
    struct Job {
        std::vector<std::string> rotas;  // sorted, each once
        const Task& task;
        End end;
        Result<void> result{};
        bool done = false;
        std::condition_variable wake{};
    };
    using Group = std::span<Job* const>;

    void settle_or_fail(Group group) noexcept;
    void settle(Group group);
    void settle_singly(Group group);
    SqlResult<void> begin(Group group);
    SqlResult<void> try_begin(Group group);
    SqlResult<void> run_all(Group group);
    SqlResult<void> run_one(Job& job, bool alone);
    SqlResult<void> finish(Group group);
    void count(Group group);

    SqlDatabase& database_;
    std::unique_ptr<SqlConnection> connection_;  // of whoever is first in line
    mutable std::mutex mutex_;
    std::deque<Job*> line_;  // guarded by mutex_, as counters_
    StoreCounters counters_;
};

}  // namespace mailrota::store
