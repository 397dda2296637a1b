#include "core/store/store.h"

#include "core/store/postgres_connection.h"
#include "core/store/scratch_database.h"
#include "core/store/sql_store.h"
#include "core/store/sqlite_connection.h"

namespace mailrota::store {
namespace {

Result<std::unique_ptr<Store>> open_sqlite(std::string path, const StoreOptions& options) {
    if (path.empty()) return invalid("the store's URL names no file; it is sqlite:/path/to/state.db");
    auto database = std::make_unique<SqliteDatabase>(std::move(path), options.busy);
    if (options.create)
        if (auto made = database->create_file(); !made) return tl::unexpected(to_error(made.error()));
    return SqlStore::open(std::move(database), options.create);
}

Result<std::unique_ptr<Store>> open_scratch(const StoreOptions& options) {
    auto database = ScratchDatabase::make(options.busy);
    if (!database) return tl::unexpected(to_error(database.error()));
    return SqlStore::open(std::move(*database), true);
}

Result<std::unique_ptr<Store>> open_postgres(const std::string& url, const StoreOptions& options) {
    auto database = PostgresDatabase::make(url, options.busy);
    if (!database) return tl::unexpected(to_error(database.error()));
    return SqlStore::open(std::move(*database), options.create);
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(std::string_view url, StoreOptions options) {
    constexpr std::string_view sqlite = "sqlite:";
    if (url == "memory:") return open_scratch(options);
    if (url.starts_with(sqlite)) return open_sqlite(std::string(url.substr(sqlite.size())), options);
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return open_postgres(std::string(url), options);
    return invalid("the store's URL begins with none of sqlite: postgresql:// memory:");
}

}  // namespace mailrota::store
