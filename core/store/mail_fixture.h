#pragma once

#include "core/store/store_fixture.h"

// Mails, items and jobs that only a test would write.
namespace mailrota::store {

inline std::string every_byte() {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    return bytes;
}

inline StoredMail some_mail(std::string id, std::int64_t arrived = 1000) {
    return {std::move(id),          "key",     "4XyZ", "1@example.com",
            "customer@example.net", "mailbox", 4096,   at(arrived)};
}

inline JournalEntry some_entry(const StoredMail& mail, const std::string& recipient,
                               JournalEntry::Outcome outcome = JournalEntry::Outcome::done,
                               std::int64_t when = 1000) {
    return {.offer = mail.id + "/" + recipient,
            .mail = mail.id,
            .recipient = recipient,
            .route = "spool",
            .to = "box web",
            .rule = "",
            .why = "",
            .outcome = outcome,
            .reply = "250 2.0.0 <" + recipient + "> queued",
            .attempts = 1,
            .at = at(when)};
}

// In box "web", queued at 1000, until 9000.
inline BoxItem some_item(std::string id, const std::vector<std::string>& recipients = {"ann"},
                         std::string mail = "m1") {
    BoxItem item;
    item.id = std::move(id);
    item.box = "web";
    item.mail = std::move(mail);
    item.sender = "customer@example.net";
    for (const std::string& one : recipients)
        item.recipients.push_back({.address = one, .parameters = {}, .reply = {}});
    item.size = 5;
    item.queued = at(1000);
    item.expires = at(9000);
    return item;
}

// Due at 1000.
inline Job some_job(std::string key, int priority = 0, std::int64_t due = 1000) {
    Job job;
    job.key = std::move(key);
    job.kind = "deliver";
    job.mail = "m1";
    job.payload = "{}";
    job.priority = priority;
    job.created = at(1000);
    job.due = at(due);
    job.expires = at(9000);
    return job;
}

// What one write answers.
template <class Change>
auto change(Store& store, Change change) {
    std::decay_t<decltype(*change(std::declval<Transaction&>()))> answer{};
    succeed(store.write({}, [&](Transaction& transaction) -> Result<void> {
        auto result = change(transaction);
        if (!result) return tl::unexpected(result.error());
        answer = std::move(*result);
        return {};
    }));
    return answer;
}

}  // namespace mailrota::store
