#include <fmt/format.h>

#include <algorithm>

#include "core/mail/address.h"
#include "core/store/sql_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

namespace mailrota::store {
namespace {

constexpr std::string_view suppression_columns = "address, reason, provider, detail, at";

std::string key_of(std::string_view address) { return mail::Address::from_envelope(address).key(); }

Result<Suppression> read_suppression(SqlRow row) {
    if (!has_types(row, "ttttn")) return invalid("a row of table suppression has foreign types");
    return Suppression{std::move(text(row, 0)), std::move(text(row, 1)), std::move(text(row, 2)),
                       std::move(text(row, 3)), time(row, 4)};
}

}  // namespace

Result<std::vector<Suppression>> SqlTransaction::suppressed(const std::vector<std::string>& addresses) {
    std::vector<std::string> keys(addresses.size());
    std::transform(addresses.begin(), addresses.end(), keys.begin(), key_of);
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::vector<Suppression> found;
    for (const auto [first, count] : chunks(keys.size())) {
        const auto part = std::span(keys).subspan(first, count);
        const std::vector<SqlParam> params(part.begin(), part.end());
        auto rows = ask(fmt::format("SELECT {} FROM suppression WHERE key IN ({}) ORDER BY key",
                                    suppression_columns, placeholders(1, count)),
                        params);
        if (!rows) return tl::unexpected(rows.error());
        auto entries = read_rows(std::move(*rows), read_suppression);
        if (!entries) return entries;
        std::move(entries->begin(), entries->end(), std::back_inserter(found));
    }
    return found;
}

Result<bool> SqlTransaction::suppress(const Suppression& entry) {
    static const std::string sql =
        fmt::format("INSERT INTO suppression (key, {}) VALUES {} ON CONFLICT (key) DO NOTHING",
                    suppression_columns, placeholder_rows(1, 6));
    const std::string key = key_of(entry.address);
    if (key.empty()) return invalid("the null address cannot be suppressed");
    return change(sql, {key, entry.address, entry.reason, entry.provider, entry.detail, seconds(entry.at)})
        .map([](std::size_t added) { return added > 0; });
}

Result<bool> SqlTransaction::unsuppress(std::string_view address) {
    return change("DELETE FROM suppression WHERE key = $1", {key_of(address)}).map([](std::size_t removed) {
        return removed > 0;
    });
}

Result<std::vector<Suppression>> SqlTransaction::suppressions(std::string_view after, std::size_t limit) {
    static const std::string sql =
        fmt::format("SELECT {} FROM suppression WHERE key > $1 ORDER BY key LIMIT $2", suppression_columns);
    auto rows = ask(sql, {key_of(after), to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_suppression);
}

}  // namespace mailrota::store
