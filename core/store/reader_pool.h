#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/store/sql_connection.h"
#include "core/store/sql_transaction.h"
#include "core/store/store.h"

namespace mailrota::store {

// Connections that only read, made when they are needed and kept: at most eight, so that a server's limit is
// not used up. Thread-safe; owned by SqlStore.
class ReaderPool {
  public:
    using Task = std::function<Result<void>(SqlTransaction&)>;

    explicit ReaderPool(SqlDatabase& database) : database_(database) {}

    // Runs the task on one state of the database. Blocks while eight others read. Run again once if the
    // connection was lost.
    Result<void> run(const Task& task);

  private:
    SqlResult<void> attempt(const Task& task, Result<void>& result);
    SqlResult<std::unique_ptr<SqlConnection>> take();
    void give_back(std::unique_ptr<SqlConnection> connection);
    SqlResult<std::unique_ptr<SqlConnection>> connect();

    SqlDatabase& database_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<SqlConnection>> idle_;
    std::size_t in_use_ = 0;
};

}  // namespace mailrota::store
