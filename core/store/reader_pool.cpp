#include "core/store/reader_pool.h"

#include "core/store/guarded.h"
#include "core/store/migrations.h"

namespace mailrota::store {
namespace {

constexpr std::size_t most_readers = 8;

}  // namespace

Result<void> ReaderPool::run(const Task& task) {
    Result<void> result;
    auto done = attempt(task, result);
    if (!done && (done.error().kind == SqlError::Kind::lost || done.error().kind == SqlError::Kind::conflict))
        done = attempt(task, result);
    if (!done) return tl::unexpected(to_error(done.error()));
    return result;
}

SqlResult<void> ReaderPool::attempt(const Task& task, Result<void>& result) {
    auto connection = take();
    if (!connection) return tl::unexpected(connection.error());
    SqlResult<void> done = (*connection)->begin_read();
    if (done) {
        SqlTransaction transaction(**connection);
        result = guarded(task, transaction);
        if (transaction.fault()) done = tl::unexpected(*transaction.fault());
        (*connection)->rollback();
    }
    give_back(std::move(*connection));
    return done;
}

SqlResult<std::unique_ptr<SqlConnection>> ReaderPool::take() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return in_use_ < most_readers; });
    ++in_use_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    lock.unlock();
    auto connection = connect();
    if (!connection) give_back(nullptr);
    return connection;
}

SqlResult<std::unique_ptr<SqlConnection>> ReaderPool::connect() {
    auto connection = database_.connect(SqlDatabase::Role::reader);
    if (!connection) return connection;
    if (auto ours = check_schema(**connection, database_.description()); !ours)
        return tl::unexpected(ours.error());
    return connection;
}

// One lost connection means that those which idle beside it are lost as well.
void ReaderPool::give_back(std::unique_ptr<SqlConnection> connection) {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection && connection->usable())
        idle_.push_back(std::move(connection));
    else
        idle_.clear();
    freed_.notify_one();
}

}  // namespace mailrota::store
