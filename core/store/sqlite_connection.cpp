#include "core/store/sqlite_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "core/store/sqlite_error.h"

namespace mailrota::store {
namespace {

// 'mrot': says in the file's header whose database it is. The first migration writes it.
constexpr std::int64_t application_id = 0x6d726f74;

// What a connection may keep of the file, in KiB, as the pragma takes it. The writer changes indexes on
// digests all over the file: what it need not read again is a third of its time.
constexpr int writer_cache = -16'384;
constexpr int reader_cache = -2'048;

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

int bind(sqlite3_stmt* statement, int index, const SqlParam& param) {
    if (const auto* number = std::get_if<std::int64_t>(&param))
        return sqlite3_bind_int64(statement, index, *number);
    const auto* bytes = std::get_if<std::string_view>(&param);
    if (!bytes) return sqlite3_bind_null(statement, index);
    if (bytes->empty()) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, bytes->data(), bytes->size(), SQLITE_STATIC);
}

SqlValue column(sqlite3_stmt* statement, int index) {
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_INTEGER:
            return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
        case SQLITE_NULL:
            return std::monostate{};
        default: {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
            return size ? std::string(bytes, size) : std::string();
        }
    }
}

class SqliteConnection final : public SqlConnection {
  public:
    SqliteConnection(SqliteHandle database, std::string path, SqliteFile& file)
        : database_(std::move(database)), path_(std::move(path)), file_(file) {}

    SqlResult<void> prepare_for(SqlDatabase::Role role, SqliteDatabase::Sync sync);

    using SqlConnection::execute;
    SqlResult<SqlRows> execute(std::string_view sql, std::span<const SqlParam> params) override;
    SqlResult<void> execute_script(const std::string& sql) override;
    SqlResult<void> begin_write(const std::vector<std::string>&) override { return begin("BEGIN IMMEDIATE"); }
    SqlResult<void> begin_exclusive() override { return begin("BEGIN IMMEDIATE"); }
    SqlResult<void> begin_read() override { return begin("BEGIN"); }
    SqlResult<void> commit() override { return run("COMMIT"); }
    void rollback() override;
    bool in_transaction() const override { return sqlite3_get_autocommit(database_.get()) == 0; }
    bool usable() const override { return usable_; }
    Dialect dialect() const override { return Dialect::sqlite; }

  private:
    SqlResult<void> begin(std::string_view sql);
    SqlResult<void> run(std::string_view sql);
    SqlResult<void> check_owner();
    SqlResult<sqlite3_stmt*> statement(std::string_view sql);
    SqlResult<SqlRows> step(sqlite3_stmt* statement);
    tl::unexpected<SqlError> failed() { return tl::unexpected(sqlite_error(database_.get(), path_)); }

    SqliteHandle database_;
    std::string path_;
    SqliteFile& file_;
    bool usable_ = true;
    std::unordered_map<std::string, Statement> statements_;  // after database_: finalized before it is closed
};

// The log grows to 4,000 pages (16 MB) before it is written back, so that a commit costs one sync and little
// more.
SqlResult<void> SqliteConnection::prepare_for(SqlDatabase::Role role, SqliteDatabase::Sync sync) {
    if (auto ours = check_owner(); !ours) return ours;
    const bool reader = role == SqlDatabase::Role::reader;
    const std::string pragmas = fmt::format(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA foreign_keys = ON; PRAGMA temp_store = "
        "MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = "
        "{}; PRAGMA query_only = {};",
        sync == SqliteDatabase::Sync::never ? "OFF" : "FULL", reader ? reader_cache : writer_cache,
        reader ? "ON" : "OFF");
    return execute_script(pragmas);
}

// An empty file is anyone's. The tables are counted first, because whoever makes them sets the id in the same
// transaction.
SqlResult<void> SqliteConnection::check_owner() {
    auto tables = execute("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(tables.error());
    auto owner = execute("PRAGMA application_id");
    if (!owner) return tl::unexpected(owner.error());
    const auto id = std::get<std::int64_t>(owner->rows.at(0).at(0));
    if (id == application_id || std::get<std::int64_t>(tables->rows.at(0).at(0)) == 0) return {};
    return sql_error(
        SqlError::Kind::invalid,
        fmt::format("database {}: belongs to another program; give mailrota a file of its own", path_));
}

SqlResult<SqlRows> SqliteConnection::execute(std::string_view sql, std::span<const SqlParam> params) {
    auto prepared = statement(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    for (std::size_t i = 0; i < params.size(); ++i)
        if (bind(*prepared, static_cast<int>(i) + 1, params[i]) != SQLITE_OK) {
            auto error = failed();
            sqlite3_clear_bindings(*prepared);
            return error;
        }
    auto rows = step(*prepared);
    sqlite3_reset(*prepared);
    sqlite3_clear_bindings(*prepared);
    return rows;
}

SqlResult<SqlRows> SqliteConnection::step(sqlite3_stmt* statement) {
    SqlRows result;
    const int columns = sqlite3_column_count(statement);
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        SqlRow& row = result.rows.emplace_back();
        row.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) row.push_back(column(statement, i));
    }
    if (code != SQLITE_DONE) return failed();
    result.changed = static_cast<std::size_t>(sqlite3_changes64(database_.get()));
    return result;
}

SqlResult<sqlite3_stmt*> SqliteConnection::statement(std::string_view sql) {
    std::string text(sql);
    if (auto found = statements_.find(text); found != statements_.end()) return found->second.get();
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) return failed();
    statements_.emplace(std::move(text), Statement(made));
    return made;
}

SqlResult<void> SqliteConnection::execute_script(const std::string& sql) {
    if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
    return {};
}

SqlResult<void> SqliteConnection::run(std::string_view sql) {
    return execute(sql).map([](const SqlRows&) {});
}

SqlResult<void> SqliteConnection::begin(std::string_view sql) {
    if (!has_moved(database_.get())) return run(sql);
    if (auto there = file_.check(); !there) return there;
    usable_ = false;
    return sql_error(SqlError::Kind::lost,
                     fmt::format("database {}: another file stands in its place", path_));
}

void SqliteConnection::rollback() {
    if (in_transaction()) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

SqliteDatabase::SqliteDatabase(std::string path, std::chrono::milliseconds busy, Sync sync)
    : path_(std::move(path)), busy_(busy), sync_(sync), file_(path_, busy) {}

std::string SqliteDatabase::description() const { return "sqlite:" + path_; }

SqlResult<void> SqliteDatabase::create_file() {
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (file < 0 && errno == EEXIST) return {};
    if (file < 0)
        return sql_error(SqlError::Kind::unavailable,
                         fmt::format("database {}: cannot be made: {}", path_, std::strerror(errno)));
    const int mode = ::fchmod(file, 0660);  // whatever the umask; the log beside it gets the same
    ::close(file);
    if (mode != 0)
        return sql_error(SqlError::Kind::unavailable,
                         fmt::format("database {}: its mode cannot be set: {}", path_, std::strerror(errno)));
    return {};
}

SqlResult<std::unique_ptr<SqlConnection>> SqliteDatabase::connect(Role role) {
    if (auto there = file_.check(); !there) return tl::unexpected(there.error());
    auto database = open_sqlite_file(path_, busy_);
    if (!database) return tl::unexpected(database.error());
    auto connection = std::make_unique<SqliteConnection>(std::move(*database), path_, file_);
    if (auto ready = connection->prepare_for(role, sync_); !ready) return tl::unexpected(ready.error());
    if (auto watched = file_.watch(); !watched) return tl::unexpected(watched.error());
    return connection;
}

}  // namespace mailrota::store
