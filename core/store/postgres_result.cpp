#include "core/store/postgres_result.h"

#include <endian.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace mailrota::store {
namespace {

// Type numbers of PostgreSQL's catalogue (pg_type.dat), which never change.
constexpr Oid bytea_type = 17;
constexpr Oid int8_type = 20;
constexpr Oid int4_type = 23;

std::int64_t read_integer(const char* bytes, Oid type) {
    if (type == int4_type) {
        std::uint32_t number = 0;
        std::memcpy(&number, bytes, sizeof number);
        return static_cast<std::int32_t>(be32toh(number));
    }
    std::uint64_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return static_cast<std::int64_t>(be64toh(number));
}

SqlValue value(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column)) return std::monostate{};
    const char* bytes = PQgetvalue(result, row, column);
    const Oid type = PQftype(result, column);
    if (type == int8_type || type == int4_type) return read_integer(bytes, type);
    return std::string(bytes, static_cast<std::size_t>(PQgetlength(result, row, column)));
}

bool starts_with_any(std::string_view state, std::initializer_list<std::string_view> beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view b) { return state.starts_with(b); });
}

// By SQLSTATE (appendix A of PostgreSQL's manual).
SqlError::Kind kind_of(std::string_view state, bool alive) {
    using enum SqlError::Kind;
    if (!alive || starts_with_any(state, {"08", "57P", "25006"}))
        return lost;  // 25006: a standby now; the primary is elsewhere
    if (starts_with_any(state, {"40001", "40P01"})) return conflict;
    if (starts_with_any(state, {"55P03", "57014", "53", "58", "25P0"})) return unavailable;
    return invalid;
}

}  // namespace

PostgresParams::PostgresParams(std::span<const SqlParam> params) {
    numbers_.reserve(params.size());  // their addresses are handed out
    for (const SqlParam& param : params) {
        formats_.push_back(1);
        const auto* bytes = std::get_if<std::string_view>(&param);
        types_.push_back(bytes ? bytea_type : int8_type);
        if (bytes) {
            values_.push_back(bytes->empty() ? "" : bytes->data());
            lengths_.push_back(static_cast<int>(bytes->size()));
        } else if (const auto* number = std::get_if<std::int64_t>(&param)) {
            numbers_.push_back(static_cast<std::int64_t>(htobe64(static_cast<std::uint64_t>(*number))));
            values_.push_back(reinterpret_cast<const char*>(&numbers_.back()));
            lengths_.push_back(sizeof(std::int64_t));
        } else {
            values_.push_back(nullptr);
            lengths_.push_back(0);
        }
    }
}

SqlRows postgres_rows(const PGresult* result) {
    SqlRows rows;
    const int columns = PQnfields(result);
    rows.rows.resize(static_cast<std::size_t>(PQntuples(result)));
    for (int i = 0; i < PQntuples(result); ++i)
        for (int j = 0; j < columns; ++j)
            rows.rows[static_cast<std::size_t>(i)].push_back(value(result, i, j));
    // libpq takes a non-const result only for want of const in its C.
    rows.changed = std::strtoull(PQcmdTuples(const_cast<PGresult*>(result)), nullptr, 10);
    return rows;
}

SqlError postgres_error(const PGresult* result, const std::string& name, bool alive) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    std::string words = text ? text : PQresultErrorMessage(result);
    if (words.empty()) words = "no answer that makes sense";
    return {kind_of(state ? state : "", alive), one_line(fmt::format("database {}: {}", name, words))};
}

std::string one_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

}  // namespace mailrota::store
