#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/store/group_writer.h"
#include "core/store/reader_pool.h"
#include "core/store/sql_connection.h"
#include "core/store/store.h"

namespace mailrota::store {

// The store over a SQL database: one writer that groups, readers beside it.
class SqlStore final : public Store {
  public:
    // Connects and brings the schema up to date (`migrate_schema`), or checks that it is this program's.
    static Result<std::unique_ptr<Store>> open(std::unique_ptr<SqlDatabase> database, bool migrate_schema);

    Result<void> write(std::vector<std::string> rotas, Work work) override;
    std::vector<Result<void>> write_all(std::vector<Write> writes) override;
    Result<void> read(Work work) override;
    Result<void> rehearse(std::vector<std::string> rotas, Work work) override;
    Result<mail::TraceSecret> trace_secret() override;
    Result<std::size_t> purge(Time now, std::chrono::seconds keep) override;
    Result<void> probe() override;
    StoreCounters counters() const override { return writer_.counters(); }
    std::string description() const override { return database_->description(); }

  private:
    SqlStore(std::unique_ptr<SqlDatabase> database, std::unique_ptr<SqlConnection> connection);
    Result<std::size_t> purge_mails(Time before);

    std::unique_ptr<SqlDatabase> database_;
    GroupWriter writer_;
    ReaderPool readers_;
};

}  // namespace mailrota::store
