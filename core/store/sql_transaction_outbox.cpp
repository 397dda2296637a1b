#include <fmt/format.h>

#include <algorithm>

#include "core/store/sql_mail_row.h"
#include "core/store/sql_text.h"
#include "core/store/sql_transaction.h"

namespace mailrota::store {
namespace {

using State = Job::State;

constexpr std::int64_t as_number(State state) { return static_cast<std::int64_t>(state); }

}  // namespace

Result<bool> SqlTransaction::put_job(const Job& job, std::string_view bytes) {
    static const std::string insert = fmt::format(
        "INSERT INTO job (key, kind, mail, payload, priority, state, created, due, expires, attempts, last, "
        "owner, fence, leased_until, ready) VALUES {} ON CONFLICT (key) DO NOTHING RETURNING id",
        placeholder_rows(1, 15));
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto rows = ask(insert, {job.key, job.kind, job.mail, job.payload, std::int64_t{job.priority},
                             as_number(State::waiting), seconds(job.created), seconds(job.due),
                             seconds(job.expires), std::int64_t{0}, std::string_view(), std::string_view(),
                             std::int64_t{0}, std::int64_t{0}, seconds(job.due)});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return false;
    return write("INSERT INTO job_bytes (job, bytes) VALUES ($1, $2)", {number(rows->rows.front(), 0), bytes})
        .map([] { return true; });
}

// The plus keeps both databases from picking every job that is ready before they look at the order: the index
// in the order of claiming finds the first ones at once.
Result<std::vector<Job>> SqlTransaction::claim_jobs(std::string_view owner, Time now, Time until,
                                                    std::size_t limit,
                                                    const std::vector<std::string>& kinds) {
    std::vector<SqlParam> asked{seconds(now)};
    asked.insert(asked.end(), kinds.begin(), kinds.end());
    asked.emplace_back(to_limit(limit));
    const std::string of_kinds =
        kinds.empty() ? "" : fmt::format("AND kind IN ({})", placeholders(2, kinds.size()));
    const std::string select = fmt::format(
        "SELECT {} FROM job WHERE ready IS NOT NULL AND +ready <= $1 {} ORDER BY priority DESC, due, id "
        "LIMIT ${}",
        job_columns, of_kinds, asked.size());
    if (auto allowed = may_write(); !allowed) return tl::unexpected(allowed.error());
    auto found = ask(locking(select, "FOR UPDATE SKIP LOCKED"), asked);
    if (!found) return tl::unexpected(found.error());
    auto jobs = read_rows(std::move(*found), read_job);
    if (!jobs) return jobs;
    for (const auto [first, count] : chunks(jobs->size())) {
        std::vector<SqlParam> params{as_number(State::leased), owner, seconds(until)};
        for (std::size_t i = first; i < first + count; ++i) params.emplace_back((*jobs)[i].id);
        auto claimed =
            write(fmt::format(
                      "UPDATE job SET state = $1, owner = $2, leased_until = $3, ready = $3, fence = fence + "
                      "1, attempts = attempts + 1, hastened = NULL WHERE id IN ({})",
                      placeholders(4, count)),
                  params);
        if (!claimed) return tl::unexpected(claimed.error());
    }
    for (Job& job : *jobs) {
        job.state = State::leased;
        job.owner = owner;
        job.leased_until = until;
        ++job.fence;
        ++job.attempts;
    }
    return jobs;
}

Result<std::string> SqlTransaction::job_bytes(std::int64_t id) {
    auto rows = ask("SELECT bytes FROM job_bytes WHERE job = $1", {id});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return invalid(fmt::format("job {} has no bytes: it is done or gone", id));
    return std::move(text(rows->rows.front(), 0));
}

Result<bool> SqlTransaction::renew_job(std::int64_t id, std::int64_t fence, Time until) {
    return change("UPDATE job SET leased_until = $1, ready = $1 WHERE id = $2 AND fence = $3 AND state = $4",
                  {seconds(until), id, fence, as_number(State::leased)})
        .map([](std::size_t changed) { return changed > 0; });
}

Result<bool> SqlTransaction::end_job(std::int64_t id, std::int64_t fence, std::string_view last,
                                     State state) {
    return change(
               "UPDATE job SET state = $1, last = $2, owner = $3, ready = NULL WHERE id = $4 AND fence = $5 "
               "AND state = $6",
               {as_number(state), last, std::string_view(), id, fence, as_number(State::leased)})
        .map([](std::size_t changed) { return changed > 0; });
}

Result<bool> SqlTransaction::finish_job(std::int64_t id, std::int64_t fence, std::string_view last) {
    auto ended = end_job(id, fence, last, State::done);
    if (!ended || !*ended) return ended;
    return write("DELETE FROM job_bytes WHERE job = $1", {id}).map([] { return true; });
}

Result<bool> SqlTransaction::fail_job(std::int64_t id, std::int64_t fence, std::string_view last) {
    return end_job(id, fence, last, State::failed);
}

Result<bool> SqlTransaction::postpone_job(std::int64_t id, std::int64_t fence, Time due,
                                          std::string_view payload, std::string_view last) {
    return change(
               "UPDATE job SET state = $1, due = CASE WHEN hastened < $2 THEN hastened ELSE $2 END, ready = "
               "CASE WHEN hastened < $2 THEN hastened ELSE $2 END, hastened = NULL, payload = $3, last = $4, "
               "owner = $5 WHERE id = $6 AND fence = $7 AND state = $8",
               {as_number(State::waiting), seconds(due), payload, last, std::string_view(), id, fence,
                as_number(State::leased)})
        .map([](std::size_t changed) { return changed > 0; });
}

Result<bool> SqlTransaction::hasten_job(std::string_view key, Time due) {
    return change(
               "UPDATE job SET due = CASE WHEN state = $1 AND due > $2 THEN $2 ELSE due END, ready = CASE "
               "WHEN state = $1 AND ready > $2 THEN $2 ELSE ready END, hastened = CASE WHEN state = $3 AND "
               "coalesce(hastened, $2) >= $2 THEN $2 ELSE hastened END WHERE key = $4 AND state IN ($1, $3)",
               {as_number(State::waiting), seconds(due), as_number(State::leased), key})
        .map([](std::size_t changed) { return changed > 0; });
}

Result<std::vector<Job>> SqlTransaction::jobs(bool with_done, std::size_t limit) {
    static const std::string of_all = fmt::format("SELECT {} FROM job ORDER BY id LIMIT $1", job_columns);
    static const std::string but_done =
        fmt::format("SELECT {} FROM job WHERE state <> $1 ORDER BY id LIMIT $2", job_columns);
    const std::int64_t most = to_limit(limit);
    auto rows = with_done ? ask(of_all, {most}) : ask(but_done, {as_number(State::done), most});
    if (!rows) return tl::unexpected(rows.error());
    return read_rows(std::move(*rows), read_job);
}

Result<std::optional<Job>> SqlTransaction::job(std::int64_t id) {
    static const std::string sql = fmt::format("SELECT {} FROM job WHERE id = $1", job_columns);
    auto rows = ask(sql, {id});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return read_job(std::move(rows->rows.front()));
}

Result<bool> SqlTransaction::retry_job(std::int64_t id, Time now, Time expires) {
    return change(
               "UPDATE job SET state = $1, due = $2, ready = $2, expires = $3 WHERE id = $4 AND state IN "
               "($1, $5)",
               {as_number(State::waiting), seconds(now), seconds(expires), id, as_number(State::failed)})
        .map([](std::size_t changed) { return changed > 0; });
}

Result<bool> SqlTransaction::drop_job(std::int64_t id) {
    auto dropped = change("DELETE FROM job WHERE id = $1 AND state <> $2", {id, as_number(State::leased)});
    if (!dropped) return tl::unexpected(dropped.error());
    if (*dropped == 0) return false;
    return write("DELETE FROM job_bytes WHERE job = $1", {id}).map([] { return true; });
}

Result<std::optional<Time>> SqlTransaction::next_due() {
    auto rows = ask("SELECT ready FROM job WHERE ready IS NOT NULL ORDER BY ready LIMIT 1", {});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->rows.empty()) return std::nullopt;
    return time(rows->rows.front(), 0);
}

}  // namespace mailrota::store
