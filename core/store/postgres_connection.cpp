#include "core/store/postgres_connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <unordered_map>

#include "core/store/postgres_result.h"
#include "core/store/sql_text.h"

namespace mailrota::store {
namespace {

struct CloseConnection {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, CloseConnection>;

// Any number, the same on every node: what migrations lock.
constexpr std::string_view migration_lock = "SELECT pg_advisory_xact_lock(7236288491)";

class PostgresConnection final : public SqlConnection {
  public:
    PostgresConnection(Handle connection, std::string name, std::chrono::milliseconds busy)
        : connection_(std::move(connection)),
          name_(std::move(name)),
          patience_(busy + std::chrono::seconds(1)) {
        PQsetnonblocking(connection_.get(), 1);
        PQsetNoticeProcessor(
            connection_.get(), [](void*, const char*) {}, nullptr);
    }

    SqlResult<void> prepare_for(SqlDatabase::Role role, std::chrono::milliseconds busy);

    using SqlConnection::execute;
    SqlResult<SqlRows> execute(std::string_view sql, std::span<const SqlParam> params) override;
    SqlResult<void> execute_script(const std::string& sql) override {
        return simple(sql).map([](const PostgresResult&) {});
    }
    SqlResult<void> begin_write(const std::vector<std::string>& rotas) override;
    SqlResult<void> begin_exclusive() override;
    SqlResult<void> begin_read() override {
        return execute_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }
    SqlResult<void> commit() override;
    void rollback() override;
    bool in_transaction() const override {
        return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE && usable();
    }
    bool usable() const override { return usable_ && PQstatus(connection_.get()) == CONNECTION_OK; }
    Dialect dialect() const override { return Dialect::postgresql; }

  private:
    SqlResult<std::string> prepared(std::string_view sql, const PostgresParams& params);
    SqlResult<PostgresResult> simple(const std::string& sql) {
        return finish(PQsendQuery(connection_.get(), sql.c_str()));
    }
    SqlResult<PostgresResult> finish(int sent);
    SqlResult<void> flush();
    SqlResult<PostgresResult> next_result();
    SqlResult<void> await(short events);
    SqlResult<bool> lock_all(const std::vector<std::string>& rotas);
    SqlResult<void> add_rotas(const std::vector<std::string>& rotas);
    tl::unexpected<SqlError> lost(std::string_view why);

    Handle connection_;
    std::string name_;
    std::chrono::milliseconds patience_;  // without a byte from the server
    bool usable_ = true;
    std::unordered_map<std::string, std::string> prepared_;  // by SQL text
};

SqlResult<void> PostgresConnection::prepare_for(SqlDatabase::Role role, std::chrono::milliseconds busy) {
    const std::string limits =
        fmt::format("SET lock_timeout = {}; SET statement_timeout = {}; SET client_min_messages = error;",
                    busy.count(), (busy + std::chrono::milliseconds(500)).count());
    if (role == SqlDatabase::Role::reader)
        return execute_script(limits + "SET default_transaction_read_only = on");
    return execute_script(limits +
                          "SELECT set_config('synchronous_commit', 'on', false) WHERE "
                          "current_setting('synchronous_commit') = 'off'");
}

tl::unexpected<SqlError> PostgresConnection::lost(std::string_view why) {
    usable_ = false;
    return sql_error(SqlError::Kind::lost, one_line(fmt::format("database {}: {}", name_, why)));
}

SqlResult<SqlRows> PostgresConnection::execute(std::string_view sql, std::span<const SqlParam> params) {
    const PostgresParams bound(params);
    auto name = prepared(sql, bound);
    if (!name) return tl::unexpected(name.error());
    auto result = finish(PQsendQueryPrepared(connection_.get(), name->c_str(), bound.count(), bound.values(),
                                             bound.lengths(), bound.formats(), 1));
    if (!result) return tl::unexpected(result.error());
    return postgres_rows(result->get());
}

SqlResult<std::string> PostgresConnection::prepared(std::string_view sql, const PostgresParams& params) {
    std::string text(sql);
    if (auto found = prepared_.find(text); found != prepared_.end()) return found->second;
    std::string name = fmt::format("s{}", prepared_.size());
    auto made =
        finish(PQsendPrepare(connection_.get(), name.c_str(), text.c_str(), params.count(), params.types()));
    if (!made) return tl::unexpected(made.error());
    prepared_.emplace(std::move(text), name);
    return name;
}

// Waits for all that was sent to be answered. The last result counts; of several statements the first that
// failed.
SqlResult<PostgresResult> PostgresConnection::finish(int sent) {
    if (!sent) return lost(PQerrorMessage(connection_.get()));
    if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    PostgresResult last;
    for (;;) {
        auto next = next_result();
        if (!next) return next;
        if (!*next) break;
        const auto status = PQresultStatus(last.get());
        if (!last || status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) last = std::move(*next);
    }
    if (!last) return lost("no answer that makes sense");
    const auto status = PQresultStatus(last.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return last;
    SqlError error = postgres_error(last.get(), name_, PQstatus(connection_.get()) == CONNECTION_OK);
    if (error.kind == SqlError::Kind::lost) usable_ = false;
    return tl::unexpected(std::move(error));
}

SqlResult<void> PostgresConnection::flush() {
    for (;;) {
        const int left = PQflush(connection_.get());
        if (left == 0) return {};
        if (left < 0) return lost(PQerrorMessage(connection_.get()));
        if (auto ready = await(POLLIN | POLLOUT); !ready) return ready;
    }
}

SqlResult<PostgresResult> PostgresConnection::next_result() {
    while (PQisBusy(connection_.get()))
        if (auto ready = await(POLLIN); !ready) return tl::unexpected(ready.error());
    return PostgresResult(PQgetResult(connection_.get()));
}

SqlResult<void> PostgresConnection::await(short events) {
    pollfd socket{PQsocket(connection_.get()), events, 0};
    if (::poll(&socket, 1, static_cast<int>(patience_.count())) == 0)
        return lost("the server does not answer; check it and the network");
    if ((socket.revents & ~POLLOUT) != 0 && !PQconsumeInput(connection_.get()))
        return lost(PQerrorMessage(connection_.get()));
    return {};
}

// Rotas that the database does not know yet are added first, outside of the transaction, so that no one waits
// for a row that is not there; then all are locked in name order.
SqlResult<void> PostgresConnection::begin_write(const std::vector<std::string>& rotas) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (auto begun = execute_script("BEGIN"); !begun) return begun;
        auto all = lock_all(rotas);
        if (all && *all) return {};
        rollback();
        if (!all) return tl::unexpected(all.error());
        if (auto added = add_rotas(rotas); !added) return added;
    }
    return sql_error(SqlError::Kind::unavailable,
                     fmt::format("database {}: rows of table rota vanish; who deletes them?", name_));
}

SqlResult<bool> PostgresConnection::lock_all(const std::vector<std::string>& rotas) {
    std::size_t locked = 0;
    for (const auto [first, count] : chunks(rotas.size())) {
        const auto names = std::span(rotas).subspan(first, count);
        const std::vector<SqlParam> params(names.begin(), names.end());
        auto rows = execute(fmt::format("SELECT name FROM rota WHERE name IN ({}) ORDER BY name FOR UPDATE",
                                        placeholders(1, count)),
                            params);
        if (!rows) return tl::unexpected(rows.error());
        locked += rows->rows.size();
    }
    return locked == rotas.size();
}

SqlResult<void> PostgresConnection::add_rotas(const std::vector<std::string>& rotas) {
    for (const std::string& rota : rotas)
        if (auto added = execute("INSERT INTO rota (name) VALUES ($1) ON CONFLICT DO NOTHING", {rota});
            !added)
            return tl::unexpected(added.error());
    return {};
}

SqlResult<void> PostgresConnection::begin_exclusive() {
    if (auto begun = execute_script("BEGIN"); !begun) return begun;
    return execute_script(std::string(migration_lock));
}

SqlResult<void> PostgresConnection::commit() {
    auto result = simple("COMMIT");
    if (!result) return tl::unexpected(result.error());
    if (std::string_view(PQcmdStatus(result->get())) == "COMMIT") return {};
    return sql_error(SqlError::Kind::conflict,
                     fmt::format("database {}: the transaction was rolled back", name_));
}

void PostgresConnection::rollback() {
    if (in_transaction() && !simple("ROLLBACK")) usable_ = false;
}

}  // namespace

SqlResult<std::unique_ptr<SqlConnection>> PostgresDatabase::connect(Role role) {
    auto settings = settings_;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(busy_).count();
    settings.emplace_back("connect_timeout",
                          std::to_string(std::max<std::int64_t>(2, seconds)));  // libpq's least is 2
    settings.emplace_back("tcp_user_timeout", std::to_string(busy_.count()));
    settings.emplace_back("fallback_application_name", "mailrota");
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : settings) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    Handle handle(PQconnectdbParams(keywords.data(), values.data(), 0));
    if (PQstatus(handle.get()) != CONNECTION_OK)
        return sql_error(SqlError::Kind::unavailable,
                         one_line(fmt::format("database {}: {}", description_,
                                              without_password(PQerrorMessage(handle.get())))));
    auto connection = std::make_unique<PostgresConnection>(std::move(handle), description_, busy_);
    if (auto ready = connection->prepare_for(role, busy_); !ready) return tl::unexpected(ready.error());
    return connection;
}

}  // namespace mailrota::store
