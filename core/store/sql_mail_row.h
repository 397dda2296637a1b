#pragma once

#include "core/store/sql_row.h"

namespace mailrota::store {

// Rows about mails as values. The columns are those of the texts below, in their order.
inline constexpr std::string_view mail_columns =
    "id, message_key, queue_id, message_id, sender, listener, size, arrived";
// Of journal joined with its mail.
inline constexpr std::string_view journal_columns =
    "journal.offer, mail.id, journal.recipient, journal.route, journal.destination, journal.rule, "
    "journal.why, "
    "journal.outcome, journal.reply, journal.attempts, journal.at";
inline constexpr std::string_view story_columns = "mail, recipient, event, text, at";
inline constexpr std::string_view job_columns =
    "id, key, kind, mail, payload, priority, state, created, due, expires, attempts, last, owner, fence, "
    "leased_until";

// Fail with `invalid` on a row that this program cannot have written.
Result<StoredMail> read_mail(SqlRow row);
Result<JournalEntry> read_entry(SqlRow row);
Result<StoryLine> read_story(SqlRow row);
Result<Job> read_job(SqlRow row);

}  // namespace mailrota::store
