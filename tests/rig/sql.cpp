#include "tests/rig/sql.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string_view>

namespace mailrota::rig {

namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

Rows ask_sqlite(const std::string& path, const std::string& statement) {
    constexpr int patience_ms = 20'000;
    sqlite3* opened = nullptr;
    const int found = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, sqlite3_close);
    Rows rows;
    const auto add = [](void* into, int columns, char** values, char**) {
        auto& row = static_cast<Rows*>(into)->emplace_back();
        for (int i = 0; i < columns; ++i) row.emplace_back(values[i] == nullptr ? "" : values[i]);
        return 0;
    };
    sqlite3_busy_timeout(opened, patience_ms);
    if (found != SQLITE_OK || sqlite3_exec(opened, statement.c_str(), add, &rows, nullptr) != SQLITE_OK)
        throw std::runtime_error(path + ": " + statement + ": " + sqlite3_errmsg(opened));
    return rows;
}

Rows ask_postgresql(const std::string& url, const std::string& statement) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
    const auto ask = [&](const std::string& text) {
        std::unique_ptr<PGresult, decltype(&PQclear)> answer(PQexec(connection.get(), text.c_str()), PQclear);
        const auto status = PQresultStatus(answer.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            throw std::runtime_error(url + ": " + text + ": " + PQerrorMessage(connection.get()));
        return answer;
    };
    ask("SET bytea_output = 'escape'; SET lock_timeout = '20s'");
    const auto answer = ask(statement);
    Rows rows(static_cast<std::size_t>(PQntuples(answer.get())));
    for (int i = 0; i < PQntuples(answer.get()); ++i)
        for (int column = 0; column < PQnfields(answer.get()); ++column)
            rows[static_cast<std::size_t>(i)].emplace_back(PQgetvalue(answer.get(), i, column));
    return rows;
}

}  // namespace

Rows sql(const std::string& store, const std::string& statement) {
    return store.starts_with(sqlite_prefix) ? ask_sqlite(store.substr(sqlite_prefix.size()), statement)
                                            : ask_postgresql(store, statement);
}

std::string sql_value(const std::string& store, const std::string& statement) {
    const auto rows = sql(store, statement);
    return rows.empty() || rows.front().empty() ? "" : rows.front().front();
}

}  // namespace mailrota::rig
