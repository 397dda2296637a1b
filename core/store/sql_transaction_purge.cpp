#include "core/store/sql_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

#include <fmt/format.h>

namespace mailrota::store {

// The outer condition is asked again of rows that another node changed meanwhile, so a turn that was just
// renewed stays.
Result<std::size_t> SqlTransaction::purge_turns(Time before, std::size_t limit) {
    return change(
        "DELETE FROM turn WHERE at < $1 AND seq IN (SELECT seq FROM turn WHERE at < $1 ORDER BY at, "
        "seq LIMIT $2)",
        {seconds(before), static_cast<std::int64_t>(limit)});
}

Result<std::size_t> SqlTransaction::purge_sticky(Time now, std::size_t limit) {
    return change(
        "DELETE FROM sticky WHERE valid_until <= $1 AND (rota, key) IN "
        "(SELECT rota, key FROM sticky WHERE valid_until <= $1 ORDER BY valid_until, rota, key LIMIT "
        "$2)",
        {seconds(now), static_cast<std::int64_t>(limit)});
}

// Lines are only ever added, so the first ones are the oldest.
Result<std::size_t> SqlTransaction::purge_story(Time before, std::size_t limit) {
    return change("DELETE FROM story WHERE at < $1 AND seq IN (SELECT seq FROM story ORDER BY seq LIMIT $2)",
                  {seconds(before), to_limit(limit)});
}

// Jobs that are done (state 2): the end of their last lease is no earlier than that of their work. Their
// bytes went when they were done.
Result<std::size_t> SqlTransaction::purge_jobs(Time before, std::size_t limit) {
    return change(
        "DELETE FROM job WHERE state = 2 AND id IN (SELECT id FROM job WHERE state = 2 AND leased_until "
        "< $1 ORDER BY leased_until LIMIT $2)",
        {seconds(before), to_limit(limit)});
}

// Events are only ever added, so the first ones are the oldest.
Result<std::size_t> SqlTransaction::purge_events(Time before, std::size_t limit) {
    return change(
        "DELETE FROM event WHERE received < $1 AND seq IN (SELECT seq FROM event ORDER BY seq LIMIT $2)",
        {seconds(before), to_limit(limit)});
}

Result<std::size_t> SqlTransaction::purge_tokens(Time now, std::size_t limit) {
    return change(
        "DELETE FROM used_token WHERE valid_until <= $1 AND (provider, token) IN (SELECT provider, token "
        "FROM used_token WHERE valid_until <= $1 ORDER BY valid_until, provider, token LIMIT $2)",
        {seconds(now), to_limit(limit)});
}

// The mails are locked first: whoever writes an entry of one of them has done so before the conditions are
// asked, or finds it gone. Of the boxes only what was queued before that time is looked at, which stands
// first and is next to nothing: an item that was queued later came with a later entry.
Result<SqlTransaction::MailPurge> SqlTransaction::purge_mails(Time before, std::int64_t from,
                                                              std::size_t limit) {
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto window =
        ask(locking("SELECT seq, arrived FROM mail WHERE seq > $1 ORDER BY seq LIMIT $2", "FOR UPDATE"),
            {from, to_limit(limit)});
    if (!window) return tl::unexpected(window.error());
    if (window->rows.empty()) return MailPurge{.finished = true};
    const SqlRow& last = window->rows.back();
    auto dropped =
        ask("DELETE FROM mail WHERE seq > $1 AND seq <= $2 AND arrived < $3 "
            "AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.mail = mail.seq AND journal.at >= $3) "
            "AND id NOT IN (SELECT mail FROM box_item WHERE seq < coalesce((SELECT seq FROM box_item WHERE "
            "queued >= $3 ORDER BY seq LIMIT 1), 9223372036854775807)) "
            "AND NOT EXISTS (SELECT 1 FROM job WHERE job.mail = mail.id) "
            "AND NOT EXISTS (SELECT 1 FROM relay_attempt WHERE relay_attempt.mail = mail.seq AND "
            "relay_attempt.last >= $3) RETURNING seq, id",
            {from, number(last, 0), seconds(before)});
    if (!dropped) return tl::unexpected(dropped.error());
    MailPurge done{.gone = dropped->rows.size(),
                   .next = number(last, 0),
                   .finished = window->rows.size() < limit || time(last, 1) >= before};
    for (const Chunk& run : chunks(dropped->rows.size())) {
        auto gone = drop_of_mails(std::span(dropped->rows).subspan(run.first, run.count));
        if (!gone) return tl::unexpected(gone.error());
        done.gone += *gone;
    }
    return done;
}

// Recipients of attempts and bytes are not counted.
Result<std::size_t> SqlTransaction::drop_of_mails(std::span<SqlRow> mails) {
    std::vector<SqlParam> params;
    std::vector<std::string> names;
    for (SqlRow& mail : mails) {
        params.emplace_back(number(mail, 0));
        names.push_back(bytes_name_of(text(mail, 1)));
    }
    const std::vector<SqlParam> named(names.begin(), names.end());
    auto bytes =
        change(fmt::format("DELETE FROM message WHERE name IN ({})", placeholders(1, mails.size())), named);
    if (!bytes) return bytes;
    const std::string which = fmt::format("mail IN ({})", placeholders(1, mails.size()));
    auto recipients = change(
        fmt::format("DELETE FROM relay_recipient WHERE attempt IN (SELECT seq FROM relay_attempt WHERE {})",
                    which),
        params);
    if (!recipients) return recipients;
    auto attempts = change(fmt::format("DELETE FROM relay_attempt WHERE {}", which), params);
    if (!attempts) return attempts;
    return change(fmt::format("DELETE FROM journal WHERE {}", which), params).map([&](std::size_t entries) {
        return entries + *attempts;
    });
}

}  // namespace mailrota::store
