#include "core/store/sql_store.h"

#include <optional>

#include "core/store/migrations.h"
#include "core/store/trace_secret.h"

namespace mailrota::store {
namespace {

constexpr std::string_view trace_secret_name = "trace_secret";
constexpr std::size_t purge_batch = 500;  // rows: a few milliseconds during which other writers wait

}  // namespace

Result<std::unique_ptr<Store>> SqlStore::open(std::unique_ptr<SqlDatabase> database, bool migrate_schema) {
    auto connection = database->connect(SqlDatabase::Role::writer);
    if (!connection) return tl::unexpected(to_error(connection.error()));
    const std::string name = database->description();
    const auto ready = migrate_schema ? migrate(**connection, name) : check_schema(**connection, name);
    if (!ready) return tl::unexpected(to_error(ready.error()));
    return std::unique_ptr<Store>(new SqlStore(std::move(database), std::move(*connection)));
}

SqlStore::SqlStore(std::unique_ptr<SqlDatabase> database, std::unique_ptr<SqlConnection> connection)
    : database_(std::move(database)), writer_(*database_, std::move(connection)), readers_(*database_) {}

Result<void> SqlStore::write(std::vector<std::string> rotas, Work work) {
    return writer_.run(std::move(rotas), [&](SqlTransaction& transaction) { return work(transaction); });
}

Result<void> SqlStore::read(Work work) {
    return readers_.run([&](SqlTransaction& transaction) { return work(transaction); });
}

Result<void> SqlStore::rehearse(std::vector<std::string> rotas, Work work) {
    return writer_.run(
        std::move(rotas), [&](SqlTransaction& transaction) { return work(transaction); },
        GroupWriter::End::roll_back);
}

// Of several nodes that begin at once, the first to commit has made it; the others read what it made.
Result<mail::TraceSecret> SqlStore::trace_secret() {
    std::optional<std::string> secret;
    auto load = [&](SqlTransaction& transaction) -> Result<void> {
        auto stored = transaction.setting(trace_secret_name);
        if (stored) secret = std::move(*stored);
        return stored.map([](const auto&) {});
    };
    if (auto read = readers_.run(load); !read) return tl::unexpected(read.error());
    if (secret) return to_trace_secret(secret);
    auto made = new_trace_secret();
    if (!made) return tl::unexpected(made.error());
    auto added = writer_.run({}, [&](SqlTransaction& transaction) -> Result<void> {
        if (auto put = transaction.add_setting(trace_secret_name, *made); !put) return put;
        return load(transaction);
    });
    if (!added) return tl::unexpected(added.error());
    return to_trace_secret(secret);
}

Result<std::size_t> SqlStore::purge(Time now, std::chrono::seconds keep) {
    std::size_t total = 0;
    for (std::size_t gone = purge_batch; gone >= purge_batch;) {
        auto dropped = writer_.run({}, [&](SqlTransaction& transaction) -> Result<void> {
            auto turns = transaction.purge_turns(now - keep, purge_batch);
            if (!turns) return tl::unexpected(turns.error());
            auto conversations = transaction.purge_sticky(now, purge_batch);
            if (!conversations) return tl::unexpected(conversations.error());
            gone = *turns + *conversations;
            return {};
        });
        if (!dropped) return tl::unexpected(dropped.error());
        total += gone;
    }
    return total;
}

Result<void> SqlStore::probe() {
    return writer_.run({}, [](SqlTransaction& transaction) { return transaction.put_setting("probe", "1"); });
}

}  // namespace mailrota::store
