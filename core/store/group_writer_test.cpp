#include "core/store/group_writer.h"

#include <gtest/gtest.h>

#include <new>
#include <thread>

namespace mailrota::store {
namespace {

// There is no memory left for a connection, as far as `full` says.
class FullDatabase : public SqlDatabase {
  public:
    SqlResult<std::unique_ptr<SqlConnection>> connect(Role) override {
        if (full) throw std::bad_alloc();
        return sql_error(SqlError::Kind::unavailable, "away");
    }
    std::string description() const override { return "full"; }

    bool full = true;
};

TEST(GroupWriter, TellsEveryCallerWhenMemoryRunsOutAndGoesOn) {
    FullDatabase database;
    GroupWriter writer(database, nullptr);
    const GroupWriter::Task task = [](SqlTransaction&) { return Result<void>(); };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            Result<void> result;
            EXPECT_NO_THROW(result = writer.run({"orders"}, task));
            ASSERT_FALSE(result);
            EXPECT_EQ(result.error().kind, ErrorKind::unavailable);
        });
    for (auto& thread : threads) thread.join();
    database.full = false;
    const auto later = writer.run({"orders"}, task);
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().text, "away");
    EXPECT_EQ(writer.counters().failures, 5U);
}

}  // namespace
}  // namespace mailrota::store
