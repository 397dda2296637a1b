#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/store/sql_relay_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

namespace mailrota::store {
namespace {

using State = RelayAttempt::State;

constexpr std::int64_t as_number(State state) { return static_cast<std::int64_t>(state); }

std::string attempts_where(std::string_view condition) {
    return fmt::format("SELECT {} FROM relay_attempt JOIN mail ON mail.seq = relay_attempt.mail WHERE {}",
                       attempt_columns, condition);
}

std::string insert_recipients(std::size_t count) {
    return fmt::format(
        "INSERT INTO relay_recipient (attempt, offer, place, address, outcome, provider_id, words, standing, "
        "standing_at) VALUES {} ON CONFLICT (attempt, offer) DO NOTHING",
        placeholder_rows(count, 9));
}

std::string update_recipients(std::size_t count) {
    return fmt::format(
        "UPDATE relay_recipient SET outcome = told.column3, provider_id = told.column4, words = told.column5 "
        "FROM (VALUES {}) AS told WHERE relay_recipient.attempt = told.column1 AND relay_recipient.offer = "
        "told.column2",
        placeholder_rows(count, 5));
}

}  // namespace

Result<void> SqlTransaction::begin_attempt(const StoredMail& mail, const RelayAttempt& attempt) {
    static const std::string upsert = fmt::format(
        "INSERT INTO relay_attempt (id, mail, rota, provider, state, tries, begun, last, ended, owner, "
        "words) "
        "VALUES {} ON CONFLICT (id) DO UPDATE SET state = excluded.state, tries = relay_attempt.tries + 1, "
        "begun = CASE WHEN relay_attempt.state = {} THEN excluded.begun ELSE relay_attempt.begun END, last = "
        "excluded.last, ended = excluded.ended, owner = excluded.owner WHERE relay_attempt.mail = "
        "excluded.mail RETURNING seq",
        placeholder_rows(1, 11), as_number(State::refused));
    if (auto allowed = may_write(); !allowed) return allowed;
    auto mail_seq = mail_number(mail);
    if (!mail_seq) return tl::unexpected(mail_seq.error());
    auto rows = ask(upsert, {attempt.id, *mail_seq, attempt.rota, attempt.provider, as_number(State::begun),
                             std::int64_t{1}, seconds(attempt.begun), seconds(attempt.last), std::int64_t{0},
                             attempt.owner, attempt.words});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return invalid("an attempt to relay is of another mail already");
    for (const Chunk& run : chunks(attempt.recipients.size()))
        if (auto added = add_recipients(number(rows->rows.front(), 0), attempt, run); !added) return added;
    return {};
}

Result<void> SqlTransaction::add_recipients(std::int64_t attempt, const RelayAttempt& begun, Chunk run) {
    static const std::string of_one = insert_recipients(1);
    std::vector<SqlParam> params;
    params.reserve(run.count * 9);
    for (std::size_t i = run.first; i < run.first + run.count; ++i) {
        const auto& recipient = begun.recipients[i];
        params.insert(params.end(),
                      {attempt, recipient.offer, static_cast<std::int64_t>(i), recipient.address,
                       static_cast<std::int64_t>(recipient.outcome), recipient.provider_id, recipient.words,
                       mail::to_string(recipient.standing), seconds(recipient.standing_at)});
    }
    return write(run.count == 1 ? of_one : insert_recipients(run.count), params);
}

Result<bool> SqlTransaction::end_attempt(const RelayAttempt& attempt) {
    static const std::string update =
        "UPDATE relay_attempt SET state = $1, ended = $2, words = $3 WHERE id = $4 AND owner = $5 AND state "
        "IN ($6, $7) RETURNING seq";
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto rows = ask(update, {as_number(attempt.state), seconds(attempt.ended), attempt.words, attempt.id,
                             attempt.owner, as_number(State::begun), as_number(State::uncertain)});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return false;
    for (const Chunk& run : chunks(attempt.recipients.size()))
        if (auto told = end_recipients(number(rows->rows.front(), 0), attempt, run); !told)
            return tl::unexpected(told.error());
    return true;
}

Result<void> SqlTransaction::end_recipients(std::int64_t attempt, const RelayAttempt& ended, Chunk run) {
    static const std::string of_one = update_recipients(1);
    std::vector<SqlParam> params;
    params.reserve(run.count * 5);
    for (std::size_t i = run.first; i < run.first + run.count; ++i) {
        const auto& recipient = ended.recipients[i];
        params.insert(params.end(), {attempt, recipient.offer, static_cast<std::int64_t>(recipient.outcome),
                                     recipient.provider_id, recipient.words});
    }
    return write(run.count == 1 ? of_one : update_recipients(run.count), params);
}

Result<std::vector<RelayAttempt>> SqlTransaction::whole_attempts(SqlRows rows) {
    auto found = read_rows(std::move(rows), read_attempt);
    if (!found) return tl::unexpected(found.error());
    std::vector<RelayAttempt> attempts;
    std::map<std::int64_t, std::size_t> places;
    for (auto& [seq, attempt] : *found) {
        places.emplace(seq, attempts.size());
        attempts.push_back(std::move(attempt));
    }
    for (const auto [first, count] : chunks(found->size())) {
        std::vector<SqlParam> params;
        for (std::size_t i = first; i < first + count; ++i) params.emplace_back((*found)[i].first);
        auto part = ask(fmt::format("SELECT {} FROM relay_recipient WHERE attempt IN ({}) ORDER BY attempt, "
                                    "place",
                                    recipient_columns, placeholders(1, count)),
                        params);
        if (!part) return tl::unexpected(part.error());
        auto recipients = read_rows(std::move(*part), read_recipient);
        if (!recipients) return tl::unexpected(recipients.error());
        for (auto& [seq, recipient] : *recipients)
            attempts[places.at(seq)].recipients.push_back(std::move(recipient));
    }
    return attempts;
}

Result<std::optional<RelayAttempt>> SqlTransaction::attempt(std::string_view id) {
    static const std::string sql = attempts_where("relay_attempt.id = $1");
    auto rows = ask(locking(sql, "FOR UPDATE OF relay_attempt"), {id});
    if (!rows) return tl::unexpected(rows.error());
    auto found = whole_attempts(std::move(*rows));
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
}

// Nearly every mail is new: then one statement says that nothing was tried.
Result<std::vector<RelayAttempt>> SqlTransaction::attempts_of(const std::vector<std::string>& offers) {
    std::map<std::int64_t, SqlRow> found;
    for (const auto [first, count] : chunks(offers.size())) {
        const auto part = std::span(offers).subspan(first, count);
        const std::vector<SqlParam> params(part.begin(), part.end());
        auto rows = ask(
            locking(attempts_where(fmt::format("relay_attempt.seq IN (SELECT attempt FROM relay_recipient "
                                               "WHERE offer IN ({})) ORDER BY relay_attempt.seq",
                                               placeholders(1, count))),
                    "FOR UPDATE OF relay_attempt"),
            params);
        if (!rows) return tl::unexpected(rows.error());
        for (SqlRow& row : rows->rows) {
            const auto seq = number(row, 0);
            found.emplace(seq, std::move(row));
        }
    }
    SqlRows all;
    for (auto& [seq, row] : found) all.rows.push_back(std::move(row));
    return whole_attempts(std::move(all));
}

Result<std::vector<RelayAttempt>> SqlTransaction::attempts_of_mail(std::string_view mail) {
    static const std::string sql = attempts_where("mail.id = $1 ORDER BY relay_attempt.seq");
    auto rows = ask(sql, {mail});
    if (!rows) return tl::unexpected(rows.error());
    return whole_attempts(std::move(*rows));
}

Result<std::vector<RelayAttempt>> SqlTransaction::attempts_by_provider_id(std::string_view provider,
                                                                          std::string_view message_id,
                                                                          std::size_t limit) {
    static const std::string sql = attempts_where(
        "relay_attempt.seq IN (SELECT attempt FROM relay_recipient WHERE provider_id IN ($1, $2) AND "
        "length(provider_id) > 0) AND relay_attempt.provider = $3 ORDER BY relay_attempt.seq DESC LIMIT $4");
    if (message_id.empty()) return std::vector<RelayAttempt>();
    const std::string_view beginning = message_id.substr(0, message_id.find('.'));
    auto rows =
        ask(locking(sql, "FOR UPDATE OF relay_attempt"), {message_id, beginning, provider, to_limit(limit)});
    if (!rows) return tl::unexpected(rows.error());
    return whole_attempts(std::move(*rows));
}

Result<void> SqlTransaction::put_standing(std::string_view attempt, std::string_view offer,
                                          mail::MailEvent::Type standing, Time at) {
    return write(
        "UPDATE relay_recipient SET standing = $1, standing_at = $2 WHERE attempt = (SELECT seq FROM "
        "relay_attempt WHERE id = $3) AND offer = $4",
        {mail::to_string(standing), seconds(at), attempt, offer});
}

}  // namespace mailrota::store
