#include <fmt/format.h>

#include <algorithm>

#include "core/store/sql_box_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"
#include "core/store/string_list.h"

namespace mailrota::store {
namespace {

std::string select_items(std::string_view rest) {
    return fmt::format("SELECT {} FROM box_item {}", box_columns, rest);
}

std::vector<BoxItem> to_items(std::vector<BoxRow> rows) {
    std::vector<BoxItem> items;
    for (BoxRow& row : rows) items.push_back(std::move(row.item));
    return items;
}

// The first of the rows, at most so many bytes together, but always one.
void keep_within(std::vector<BoxRow>& rows, std::uint64_t bytes) {
    std::size_t kept = 0;
    for (std::uint64_t left = bytes; kept < rows.size(); ++kept) {
        const std::uint64_t size = rows[kept].item.size;
        if (kept > 0 && size > left) break;
        left -= std::min(left, size);
    }
    rows.resize(kept);
}

}  // namespace

Result<void> SqlTransaction::put_in_box(const BoxItem& item, std::string_view bytes) {
    static const std::string insert = fmt::format(
        "INSERT INTO box_item (id, box, mail, sender, sender_parameters, recipients, size, queued, expires, "
        "leases, leased_until) VALUES {} ON CONFLICT (id) DO NOTHING RETURNING seq",
        placeholder_rows(1, 11));
    if (auto allowed = may_write(); !allowed) return allowed;
    const std::string parameters = join_strings(item.sender_parameters);
    const std::string recipients =
        pack_recipients({0, item, std::vector<std::int64_t>(item.recipients.size())});
    auto rows = ask(insert, {item.id, item.box, item.mail, item.sender, parameters, recipients,
                             static_cast<std::int64_t>(item.size), seconds(item.queued),
                             seconds(item.expires), std::int64_t{0}, std::int64_t{0}});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return {};
    return write("INSERT INTO box_bytes (item, bytes) VALUES ($1, $2)",
                 {number(rows->rows.front(), 0), bytes});
}

Result<std::vector<BoxItem>> SqlTransaction::lease_box(std::string_view box, std::size_t count,
                                                       std::uint64_t bytes, std::string_view token, Time now,
                                                       Time until) {
    static const std::string select =
        select_items("WHERE box = $1 AND leased_until <= $2 AND expires > $2 ORDER BY seq LIMIT $3");
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto found = ask(locking(select, "FOR UPDATE SKIP LOCKED"), {box, seconds(now), to_limit(count)});
    if (!found) return tl::unexpected(found.error());
    auto rows = read_rows(std::move(*found), read_box_row);
    if (!rows) return tl::unexpected(rows.error());
    keep_within(*rows, bytes);
    for (const auto [first, size] : chunks(rows->size())) {
        std::vector<SqlParam> params{token, seconds(until)};
        for (std::size_t i = first; i < first + size; ++i) params.emplace_back((*rows)[i].seq);
        auto leased =
            write(fmt::format("UPDATE box_item SET lease = $1, leased_until = $2, leases = leases + 1 "
                              "WHERE seq IN ({})",
                              placeholders(3, size)),
                  params);
        if (!leased) return tl::unexpected(leased.error());
    }
    for (BoxRow& row : *rows) {
        row.item.lease = token;
        row.item.leased_until = until;
        ++row.item.leases;
        std::erase_if(row.item.recipients,
                      [](const auto& one) { return one.state != BoxRecipient::State::waiting; });
    }
    return to_items(std::move(*rows));
}

Result<std::size_t> SqlTransaction::renew_lease(std::string_view box, std::string_view token, Time until) {
    return change("UPDATE box_item SET leased_until = $1 WHERE lease = $2 AND box = $3",
                  {seconds(until), token, box});
}

Result<std::size_t> SqlTransaction::end_lease(std::string_view box, std::string_view token, Time due) {
    return change("UPDATE box_item SET lease = NULL, leased_until = $1 WHERE lease = $2 AND box = $3",
                  {seconds(due), token, box});
}

Result<std::optional<BoxRow>> SqlTransaction::box_row(std::string_view box, std::string_view id,
                                                      bool for_change) {
    static const std::string select = select_items("WHERE id = $1 AND box = $2");
    auto rows = ask(for_change ? locking(select, "FOR UPDATE") : select, {id, box});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return read_box_row(std::move(rows->rows.front()));
}

Result<Acknowledged> SqlTransaction::acknowledge(std::string_view box, std::string_view token,
                                                 const BoxResult& result, Time due) {
    using Outcome = BoxResult::Outcome;
    using State = BoxRecipient::State;
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto row = box_row(box, result.item, true);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return Acknowledged::unknown;
    BoxItem& item = (*row)->item;
    const auto named = std::find_if(item.recipients.begin(), item.recipients.end(),
                                    [&](const auto& one) { return one.address == result.recipient; });
    if (named == item.recipients.end()) return Acknowledged::unknown;
    std::int64_t& told = (*row)->told.at(static_cast<std::size_t>(named - item.recipients.begin()));
    if (named->state != State::waiting) return Acknowledged::repeated;
    const bool in_force = !item.lease.empty() && item.lease == token;
    if (result.outcome != Outcome::delivered && !in_force) return Acknowledged::stale;
    if (result.outcome == Outcome::deferred && told == item.leases) return Acknowledged::repeated;
    named->reply = result.reply;
    if (result.outcome == Outcome::delivered) named->state = State::delivered;
    if (result.outcome == Outcome::failed) named->state = State::failed;
    if (result.outcome == Outcome::deferred) told = item.leases;
    return take_acknowledgement(**row, due).map([] { return Acknowledged::taken; });
}

// Of the row after the word: gone when nobody waits, free when all who wait were told of.
Result<void> SqlTransaction::take_acknowledgement(BoxRow& row, Time due) {
    if (!row.waits()) return drop_row(row.seq);
    const std::string recipients = pack_recipients(row);
    if (row.item.lease.empty() || !row.told_of_all())
        return write("UPDATE box_item SET recipients = $1 WHERE seq = $2", {recipients, row.seq});
    return write("UPDATE box_item SET recipients = $1, lease = NULL, leased_until = $2 WHERE seq = $3",
                 {recipients, seconds(due), row.seq});
}

Result<void> SqlTransaction::drop_row(std::int64_t seq) {
    if (auto dropped = write("DELETE FROM box_item WHERE seq = $1", {seq}); !dropped) return dropped;
    return write("DELETE FROM box_bytes WHERE item = $1", {seq});
}

Result<void> SqlTransaction::drop_item(std::string_view box, std::string_view id) {
    if (auto allowed = may_write(); !allowed) return allowed;
    auto row = box_row(box, id, true);
    if (!row) return tl::unexpected(row.error());
    return *row ? drop_row((*row)->seq) : Result<void>();
}

Result<std::vector<BoxItem>> SqlTransaction::box_items(std::string_view box, std::size_t limit) {
    static const std::string select = select_items("WHERE box = $1 ORDER BY seq LIMIT $2");
    auto rows = ask(select, {box, to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_box_row).map(to_items);
}

Result<std::vector<BoxItem>> SqlTransaction::expired_items(Time now, std::size_t limit) {
    static const std::string select =
        select_items("WHERE expires <= $1 AND leased_until <= $1 ORDER BY seq LIMIT $2");
    // Whoever writes means to end them: what is acknowledged or ended elsewhere at this moment is not his.
    auto rows = ask(locking(select, "FOR UPDATE SKIP LOCKED"), {seconds(now), to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_box_row).map(to_items);
}

Result<BoxItem> SqlTransaction::box_item(std::string_view box, std::string_view id) {
    auto row = box_row(box, id, false);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return invalid(fmt::format("box {} has no item of that id", box));
    return std::move((*row)->item);
}

Result<std::string> SqlTransaction::box_bytes(std::string_view box, std::string_view id) {
    auto rows =
        ask("SELECT bytes FROM box_bytes JOIN box_item ON box_item.seq = box_bytes.item WHERE "
            "box_item.id = $1 AND box_item.box = $2",
            {id, box});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return invalid(fmt::format("box {} has no item of that id", box));
    return std::move(text(rows->rows.front(), 0));
}

Result<BoxCounts> SqlTransaction::box_counts(std::string_view box, Time now) {
    auto rows =
        ask("SELECT count(*), count(CASE WHEN lease IS NOT NULL AND leased_until > $1 THEN 1 END), "
            "CAST(coalesce(sum(size), 0) AS bigint), coalesce(min(queued), 0) FROM box_item WHERE box = "
            "$2",
            {seconds(now), box});
    if (!rows) return tl::unexpected(rows.error());
    const SqlRow& row = rows->rows.at(0);
    const auto leased = static_cast<std::uint64_t>(number(row, 1));
    return BoxCounts{.waiting = static_cast<std::uint64_t>(number(row, 0)) - leased,
                     .leased = leased,
                     .bytes = static_cast<std::uint64_t>(number(row, 2)),
                     .oldest = time(row, 3)};
}

}  // namespace mailrota::store
