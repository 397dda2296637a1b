#include "core/store/sql_mail_row.h"

#include <utility>

namespace mailrota::store {
std::string_view to_string(JournalEntry::Outcome outcome) {
    constexpr std::string_view names[] = {"done", "handed", "deferred", "failed"};
    return names[static_cast<std::size_t>(outcome)];
}

std::string_view to_string(Job::State state) {
    constexpr std::string_view names[] = {"waiting", "leased", "done", "failed"};
    return names[static_cast<std::size_t>(state)];
}

Result<StoredMail> read_mail(SqlRow row) {
    if (!has_types(row, "ttttttnn")) return invalid("a row of table mail has foreign types");
    return StoredMail{.id = std::move(text(row, 0)),
                      .message_key = std::move(text(row, 1)),
                      .queue_id = std::move(text(row, 2)),
                      .message_id = std::move(text(row, 3)),
                      .sender = std::move(text(row, 4)),
                      .listener = std::move(text(row, 5)),
                      .size = static_cast<std::uint64_t>(number(row, 6)),
                      .arrived = time(row, 7)};
}

Result<JournalEntry> read_entry(SqlRow row) {
    if (!has_types(row, "tttttttntnn")) return invalid("a row of table journal has foreign types");
    const auto outcome = to_set(number(row, 7), JournalEntry::Outcome::failed);
    if (!outcome) return invalid("a row of table journal has an outcome that nobody knows");
    return JournalEntry{.offer = std::move(text(row, 0)),
                        .mail = std::move(text(row, 1)),
                        .recipient = std::move(text(row, 2)),
                        .route = std::move(text(row, 3)),
                        .to = std::move(text(row, 4)),
                        .rule = std::move(text(row, 5)),
                        .why = std::move(text(row, 6)),
                        .outcome = *outcome,
                        .reply = std::move(text(row, 8)),
                        .attempts = static_cast<int>(number(row, 9)),
                        .at = time(row, 10)};
}

Result<StoryLine> read_story(SqlRow row) {
    if (!has_types(row, "ttttn")) return invalid("a row of table story has foreign types");
    return StoryLine{std::move(text(row, 0)), std::move(text(row, 1)), std::move(text(row, 2)),
                     std::move(text(row, 3)), time(row, 4)};
}

Result<Job> read_job(SqlRow row) {
    if (!has_types(row, "nttttnnnnnnttnn")) return invalid("a row of table job has foreign types");
    const auto state = to_set(number(row, 6), Job::State::failed);
    if (!state) return invalid("a row of table job has a state that nobody knows");
    return Job{.id = number(row, 0),
               .key = std::move(text(row, 1)),
               .kind = std::move(text(row, 2)),
               .mail = std::move(text(row, 3)),
               .payload = std::move(text(row, 4)),
               .priority = static_cast<int>(number(row, 5)),
               .state = *state,
               .created = time(row, 7),
               .due = time(row, 8),
               .expires = time(row, 9),
               .attempts = static_cast<int>(number(row, 10)),
               .last = std::move(text(row, 11)),
               .owner = std::move(text(row, 12)),
               .fence = number(row, 13),
               .leased_until = time(row, 14)};
}

}  // namespace mailrota::store
