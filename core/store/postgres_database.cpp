#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>

#include "core/store/postgres_connection.h"

namespace mailrota::store {
namespace {

std::string setting(const std::vector<std::pair<std::string, std::string>>& settings, std::string_view key) {
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&](const auto& s) { return s.first == key; });
    return found == settings.end() ? std::string() : found->second;
}

std::string describe(const std::vector<std::pair<std::string, std::string>>& settings) {
    const std::string user = setting(settings, "user");
    const std::string host = setting(settings, "host");
    const std::string port = setting(settings, "port");
    const std::string name = setting(settings, "dbname");
    return fmt::format("postgresql://{}{}{}{}/{}", user, user.empty() ? "" : "@", host,
                       port.empty() ? "" : ":" + port, name);
}

}  // namespace

PostgresDatabase::PostgresDatabase(std::vector<Setting> settings, std::chrono::milliseconds busy)
    : settings_(std::move(settings)), busy_(busy), description_(describe(settings_)) {}

SqlResult<std::unique_ptr<PostgresDatabase>> PostgresDatabase::make(const std::string& url,
                                                                    std::chrono::milliseconds busy) {
    char* words = nullptr;
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(url.c_str(), &words),
                                                                        &PQconninfoFree);
    PQfreemem(words);  // they quote the part that is wrong, which may be the password
    if (!parsed)
        return sql_error(SqlError::Kind::invalid,
                         "the PostgreSQL URL cannot be read; it is "
                         "postgresql://user:password@host:port/database, with %XX for "
                         "special characters");
    std::vector<Setting> settings;
    for (const PQconninfoOption* option = parsed.get(); option->keyword; ++option)
        if (option->val) settings.emplace_back(option->keyword, option->val);
    return std::unique_ptr<PostgresDatabase>(new PostgresDatabase(std::move(settings), busy));
}

std::string PostgresDatabase::without_password(std::string text) const {
    const std::string password = setting(settings_, "password");
    if (password.empty()) return text;
    for (auto at = text.find(password); at != std::string::npos; at = text.find(password, at + 3))
        text.replace(at, password.size(), "***");
    return text;
}

}  // namespace mailrota::store
