#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/sql_box_row.h"
#include "core/store/sql_connection.h"
#include "core/store/sql_incidents.h"
#include "core/store/sql_text.h"

namespace mailrota::store {

// One piece of work on a connection that is in a transaction. Lives on the stack of whoever runs the work.
class SqlTransaction final : public SqlIncidents {
  public:
    // For a read: writes are refused.
    explicit SqlTransaction(SqlConnection& connection) : SqlIncidents(connection, nullptr) {}
    // For a write: these rotas are locked.
    SqlTransaction(SqlConnection& connection, const std::vector<std::string>& rotas)
        : SqlIncidents(connection, &rotas) {}

    Result<std::optional<StoredTurn>> turn(std::string_view rota, std::string_view key) override;
    Result<void> put_turn(const StoredTurn& turn) override;
    Result<std::vector<StoredTurn>> history(std::string_view rota, std::size_t limit) override;
    Result<std::vector<StoredTurn>> turns_of(std::string_view key) override;
    Result<std::vector<StoredTurn>> find_turns(std::string_view id, std::size_t limit) override;
    Result<RotaState> rota_state(std::string_view rota) override;
    Result<void> put_rota_state(std::string_view rota, const RotaState& state) override;
    Result<std::optional<std::string>> sticky(std::string_view rota, const std::vector<std::string>& keys,
                                              Time now) override;
    Result<void> put_sticky(std::string_view rota, const std::vector<std::string>& keys,
                            std::string_view member, Time until) override;
    Result<void> put_bytes(std::string_view name, std::string_view bytes) override;
    Result<std::optional<std::string>> bytes(std::string_view name) override;
    Result<void> drop_bytes(std::string_view name) override;

    Result<std::vector<JournalEntry>> journal(const std::vector<std::string>& offers) override;
    Result<void> put_journal(const StoredMail& mail, const std::vector<JournalEntry>& entries) override;
    Result<void> add_story(const StoryLine& line) override;
    Result<std::vector<StoredMail>> find_mails(std::string_view id, std::size_t limit) override;
    Result<std::vector<JournalEntry>> journal_of(std::string_view mail) override;
    Result<std::vector<StoryLine>> story_of(std::string_view mail) override;

    Result<void> put_in_box(const BoxItem& item, std::string_view bytes) override;
    Result<std::vector<BoxItem>> lease_box(std::string_view box, std::size_t count, std::uint64_t bytes,
                                           std::string_view token, Time now, Time until) override;
    Result<std::size_t> renew_lease(std::string_view box, std::string_view token, Time until) override;
    Result<std::size_t> end_lease(std::string_view box, std::string_view token, Time due) override;
    Result<Acknowledged> acknowledge(std::string_view box, std::string_view token, const BoxResult& result,
                                     Time due) override;
    Result<std::vector<BoxItem>> box_items(std::string_view box, std::size_t limit) override;
    Result<BoxItem> box_item(std::string_view box, std::string_view id) override;
    Result<std::string> box_bytes(std::string_view box, std::string_view id) override;
    Result<BoxCounts> box_counts(std::string_view box, Time now) override;
    Result<std::vector<BoxItem>> expired_items(Time now, std::size_t limit) override;
    Result<void> drop_item(std::string_view box, std::string_view id) override;

    Result<bool> put_job(const Job& job, std::string_view bytes) override;
    Result<std::vector<Job>> claim_jobs(std::string_view owner, Time now, Time until, std::size_t limit,
                                        const std::vector<std::string>& kinds) override;
    Result<std::string> job_bytes(std::int64_t id) override;
    Result<bool> renew_job(std::int64_t id, std::int64_t fence, Time until) override;
    Result<bool> finish_job(std::int64_t id, std::int64_t fence, std::string_view last) override;
    Result<bool> fail_job(std::int64_t id, std::int64_t fence, std::string_view last) override;
    Result<bool> postpone_job(std::int64_t id, std::int64_t fence, Time due, std::string_view payload,
                              std::string_view last) override;
    Result<bool> hasten_job(std::string_view key, Time due) override;
    Result<std::vector<Job>> jobs(bool with_done, std::size_t limit) override;
    Result<std::optional<Job>> job(std::int64_t id) override;
    Result<bool> retry_job(std::int64_t id, Time now, Time expires) override;
    Result<bool> drop_job(std::int64_t id) override;
    Result<std::optional<Time>> next_due() override;

    Result<void> begin_attempt(const StoredMail& mail, const RelayAttempt& attempt) override;
    Result<bool> end_attempt(const RelayAttempt& attempt) override;
    Result<std::optional<RelayAttempt>> attempt(std::string_view id) override;
    Result<std::vector<RelayAttempt>> attempts_of(const std::vector<std::string>& offers) override;
    Result<std::vector<RelayAttempt>> attempts_of_mail(std::string_view mail) override;
    Result<std::vector<RelayAttempt>> attempts_by_provider_id(std::string_view provider,
                                                              std::string_view message_id,
                                                              std::size_t limit) override;
    Result<void> put_standing(std::string_view attempt, std::string_view offer,
                              mail::MailEvent::Type standing, Time at) override;
    Result<std::vector<policy::Breaker>> breakers(const std::vector<std::string>& scopes) override;
    Result<void> put_breaker(const policy::Breaker& breaker) override;
    Result<std::optional<RelayHold>> relay_hold(std::string_view rota) override;
    Result<void> put_relay_hold(std::string_view rota, const RelayHold& hold) override;

    Result<std::size_t> put_events(std::string_view provider, const std::vector<mail::MailEvent>& events,
                                   Time received) override;
    Result<bool> use_token(std::string_view provider, std::string_view token, Time until) override;
    Result<std::vector<StoredEvent>> unsettled_events(std::size_t limit) override;
    Result<void> settle_events(const std::vector<Settled>& events) override;
    Result<std::size_t> unsettle_events(const std::vector<std::int64_t>& events) override;
    Result<std::vector<StoredEvent>> events_of(std::string_view mail) override;
    Result<std::vector<StoredEvent>> find_events(const Filter& filter, std::size_t limit) override;

    Result<std::vector<Suppression>> suppressed(const std::vector<std::string>& addresses) override;
    Result<bool> suppress(const Suppression& entry) override;
    Result<bool> unsuppress(std::string_view address) override;
    Result<std::vector<Suppression>> suppressions(std::string_view after, std::size_t limit) override;

    // A value that all nodes share; nothing if it was never set.
    Result<std::optional<std::string>> setting(std::string_view name);
    // Keeps an earlier value.
    Result<void> add_setting(std::string_view name, std::string_view value);
    Result<void> put_setting(std::string_view name, std::string_view value);

    // Drop at most `limit` of the oldest; return how many went.
    Result<std::size_t> purge_turns(Time before, std::size_t limit);
    Result<std::size_t> purge_sticky(Time now, std::size_t limit);
    Result<std::size_t> purge_story(Time before, std::size_t limit);
    Result<std::size_t> purge_jobs(Time before, std::size_t limit);
    Result<std::size_t> purge_events(Time before, std::size_t limit);
    Result<std::size_t> purge_tokens(Time now, std::size_t limit);

    // What one step over the mails came to.
    struct MailPurge {
        std::size_t gone = 0;   // rows: mails and journal entries
        std::int64_t next = 0;  // where the next step begins
        bool finished = false;  // no more mails of that age
    };
    // Looks at the next `limit` mails from number `from` on that came `before`, and drops with its journal
    // whichever has no later entry and is not in a box or a job.
    Result<MailPurge> purge_mails(Time before, std::int64_t from, std::size_t limit);

  private:
    Result<void> may_touch(std::string_view rota) const;
    Result<std::int64_t> mail_number(const StoredMail& mail);
    Result<std::optional<BoxRow>> box_row(std::string_view box, std::string_view id, bool for_change);
    Result<void> drop_row(std::int64_t seq);
    // Journal, attempts and bytes of the mails whose numbers and ids these rows are; how many entries went.
    Result<std::size_t> drop_of_mails(std::span<SqlRow> mails);
    Result<void> take_acknowledgement(BoxRow& row, Time due);
    Result<bool> end_job(std::int64_t id, std::int64_t fence, std::string_view last, Job::State state);
    // A run of recipients of the attempt under this number.
    Result<void> add_recipients(std::int64_t attempt, const RelayAttempt& begun, Chunk run);
    Result<void> end_recipients(std::int64_t attempt, const RelayAttempt& ended, Chunk run);
    // Rows of relay_attempt with their recipients.
    Result<std::vector<RelayAttempt>> whole_attempts(SqlRows rows);

    std::map<std::string, RotaState, std::less<>> loaded_;
};

}  // namespace mailrota::store
