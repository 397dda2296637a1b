#include <fmt/format.h>

#include <algorithm>

#include "core/store/sql_mail_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

namespace mailrota::store {
namespace {

constexpr std::size_t shortest_prefix = 8;  // digits of a mail's id

// What is done stays done, and what the worker has is not put off by somebody who came late.
std::string upsert(std::size_t rows) {
    return fmt::format(
        "INSERT INTO journal (mail, offer, recipient, route, destination, rule, why, outcome, reply, "
        "attempts, "
        "at) VALUES {rows} ON CONFLICT (offer) DO UPDATE SET recipient = excluded.recipient, route = "
        "excluded.route, destination = excluded.destination, rule = excluded.rule, why = excluded.why, "
        "outcome "
        "= excluded.outcome, reply = excluded.reply, attempts = journal.attempts + 1, at = excluded.at "
        "WHERE (journal.outcome <> {done} OR excluded.outcome = {done}) AND (journal.outcome <> {handed} OR "
        "excluded.outcome <> {deferred})",
        fmt::arg("rows", placeholder_rows(rows, 11)),
        fmt::arg("done", static_cast<int>(JournalEntry::Outcome::done)),
        fmt::arg("handed", static_cast<int>(JournalEntry::Outcome::handed)),
        fmt::arg("deferred", static_cast<int>(JournalEntry::Outcome::deferred)));
}

// The parameters view into the entry.
void add_entry(std::vector<SqlParam>& params, std::int64_t mail, const JournalEntry& entry) {
    params.insert(params.end(), {mail, entry.offer, entry.recipient, entry.route, entry.to, entry.rule,
                                 entry.why, static_cast<std::int64_t>(entry.outcome), entry.reply,
                                 std::int64_t{1}, seconds(entry.at)});
}

// In the order of their offers, which is the order in which every node locks them; of several entries of one
// offer the last.
std::vector<const JournalEntry*> in_order(const std::vector<JournalEntry>& entries) {
    std::vector<const JournalEntry*> sorted;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) sorted.push_back(&*entry);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* one, const auto* other) { return one->offer < other->offer; });
    const auto same = [](const auto* one, const auto* other) { return one->offer == other->offer; };
    sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
    return sorted;
}

}  // namespace

Result<std::vector<JournalEntry>> SqlTransaction::journal(const std::vector<std::string>& offers) {
    std::vector<std::string_view> sorted(offers.begin(), offers.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<JournalEntry> found;
    for (const auto [first, count] : chunks(sorted.size())) {
        const auto part = std::span(sorted).subspan(first, count);
        const std::vector<SqlParam> params(part.begin(), part.end());
        auto rows = ask(fmt::format("SELECT {} FROM journal JOIN mail ON mail.seq = journal.mail WHERE "
                                    "journal.offer IN ({})",
                                    journal_columns, placeholders(1, count)),
                        params);
        if (!rows) return tl::unexpected(rows.error());
        auto entries = read_rows(std::move(*rows), read_entry);
        if (!entries) return entries;
        std::move(entries->begin(), entries->end(), std::back_inserter(found));
    }
    return found;
}

// The number under which the mail's entries lie. A mail that is known is held, so that no purge takes it away
// before they are written, and so that of several nodes which write of one mail each sees what the one before
// it wrote.
Result<std::int64_t> SqlTransaction::mail_number(const StoredMail& mail) {
    static const std::string insert =
        fmt::format("INSERT INTO mail ({}) VALUES {} ON CONFLICT (id) DO NOTHING RETURNING seq", mail_columns,
                    placeholder_rows(1, 8));
    auto rows = ask(insert, {mail.id, mail.message_key, mail.queue_id, mail.message_id, mail.sender,
                             mail.listener, static_cast<std::int64_t>(mail.size), seconds(mail.arrived)});
    if (rows && rows->rows.empty())
        rows = ask(locking("SELECT seq FROM mail WHERE id = $1", "FOR NO KEY UPDATE"), {mail.id});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return unavailable("a mail was forgotten while it was written to the journal");
    return number(rows->rows.front(), 0);
}

Result<void> SqlTransaction::put_journal(const StoredMail& mail, const std::vector<JournalEntry>& entries) {
    static const std::string of_one = upsert(1);
    if (auto allowed = may_write(); !allowed) return allowed;
    auto mail_seq = mail_number(mail);
    if (!mail_seq) return tl::unexpected(mail_seq.error());
    const auto sorted = in_order(entries);
    for (const auto [first, count] : chunks(sorted.size())) {
        std::vector<SqlParam> params;
        params.reserve(count * 11);
        for (std::size_t i = first; i < first + count; ++i) add_entry(params, *mail_seq, *sorted[i]);
        if (auto written = write(count == 1 ? of_one : upsert(count), params); !written) return written;
    }
    return {};
}

Result<void> SqlTransaction::add_story(const StoryLine& line) {
    static const std::string sql =
        fmt::format("INSERT INTO story ({}) VALUES {}", story_columns, placeholder_rows(1, 5));
    return write(sql, {line.mail, line.recipient, line.event, line.text, seconds(line.at)});
}

Result<std::vector<StoredMail>> SqlTransaction::find_mails(std::string_view id, std::size_t limit) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM mail WHERE (id >= $1 AND id < $2) OR queue_id = $3 OR message_id = $4 ORDER BY "
        "arrived "
        "DESC, seq DESC LIMIT $5",
        mail_columns);
    if (id.empty()) return std::vector<StoredMail>();
    // Below any digit, above every one; a shorter text is an id by itself or nothing.
    const std::string end = std::string(id) + (id.size() >= shortest_prefix ? '\xff' : '\0');
    const std::string_view bare = without_brackets(id);
    auto rows = ask(sql, {id, end, id, bare.empty() ? id : bare, to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_mail);
}

Result<std::vector<JournalEntry>> SqlTransaction::journal_of(std::string_view mail) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM mail JOIN journal ON journal.mail = mail.seq WHERE mail.id = $1 ORDER BY "
        "journal.recipient, journal.offer",
        journal_columns);
    auto rows = ask(sql, {mail});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_entry);
}

Result<std::vector<StoryLine>> SqlTransaction::story_of(std::string_view mail) {
    static const std::string sql =
        fmt::format("SELECT {} FROM story WHERE mail = $1 ORDER BY at, seq", story_columns);
    auto rows = ask(sql, {mail});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_story);
}

}  // namespace mailrota::store
