#include "core/store/sql_store.h"

#include <functional>
#include <optional>
#include <thread>

#include "core/store/migrations.h"
#include "core/store/trace_secret.h"

namespace mailrota::store {
namespace {

constexpr std::string_view trace_secret_name = "trace_secret";
constexpr std::size_t purge_batch = 500;    // rows: a few milliseconds during which other writers wait
constexpr std::size_t incident_batch = 50;  // each has a dozen rows that go with it
// Between one batch and the next. SQLite lets a process that waits for another's lock look for it now and
// then only: if the lock were free for moments, it would wait until all batches are done.
constexpr std::chrono::milliseconds purge_rest{10};

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

std::vector<Result<void>> SqlStore::write_all(std::vector<Write> writes) {
    std::vector<GroupWriter::Task> tasks;
    tasks.reserve(writes.size());
    for (Write& write : writes)
        tasks.push_back([&](SqlTransaction& transaction) { return write.work(transaction); });
    std::vector<GroupWriter::Request> requests;
    requests.reserve(writes.size());
    for (std::size_t i = 0; i < writes.size(); ++i)
        requests.push_back({std::move(writes[i].rotas), &tasks[i], GroupWriter::End::commit});
    return writer_.run_all(std::move(requests));
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
    struct Step {
        std::size_t batch;
        std::function<Result<std::size_t>(SqlTransaction&, std::size_t)> drop;
    };
    using Batch = std::size_t;
    const Time before = now - keep;
    const Step steps[] = {
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_turns(before, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_sticky(now, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_story(before, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_jobs(before, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_events(before, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_tokens(now, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_bars(now, batch); }},
        {purge_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_triggers(before, batch); }},
        {incident_batch, [&](SqlTransaction& t, Batch batch) { return t.purge_incidents(before, batch); }},
    };
    std::size_t total = 0;
    for (const Step& step : steps)
        for (bool full = true; full;) {
            std::size_t gone = 0;
            auto dropped = writer_.run({}, [&](SqlTransaction& transaction) {
                return step.drop(transaction, step.batch).map([&](std::size_t count) { gone = count; });
            });
            if (!dropped) return tl::unexpected(dropped.error());
            total += gone;
            full = gone >= step.batch;
            if (full) std::this_thread::sleep_for(purge_rest);
        }
    auto mails = purge_mails(before);
    return mails.map([&](std::size_t gone) { return total + gone; });
}

Result<std::size_t> SqlStore::purge_mails(Time before) {
    std::size_t total = 0;
    SqlTransaction::MailPurge step;
    while (!step.finished) {
        SqlTransaction::MailPurge next;
        auto dropped = writer_.run({}, [&](SqlTransaction& transaction) {
            return transaction.purge_mails(before, step.next, purge_batch).map([&](const auto& done) {
                next = done;
            });
        });
        if (!dropped) return tl::unexpected(dropped.error());
        total += next.gone;
        step = next;
        if (!step.finished) std::this_thread::sleep_for(purge_rest);
    }
    return total;
}

Result<void> SqlStore::probe() {
    return writer_.run({}, [](SqlTransaction& transaction) { return transaction.put_setting("probe", "1"); });
}

}  // namespace mailrota::store
