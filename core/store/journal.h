#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::store {

using Time = std::chrono::sys_seconds;

// A mail as it was offered to us, for the journal. Known by mail::mail_id().
struct StoredMail {
    std::string id;
    std::string message_key;  // of its turns; empty if none were drawn
    std::string queue_id;     // the MTA's; may be empty
    std::string message_id;   // without brackets, cleaned for people; may be empty
    std::string sender;       // empty: the null sender
    std::string listener;
    std::uint64_t size = 0;
    Time arrived{};

    bool operator==(const StoredMail&) const = default;
};

// What was done for one recipient of a mail. Known by mail::offer_key().
struct JournalEntry {
    enum class Outcome {
        done,      // answered from here when it is offered again
        handed,    // the worker has it: answered as done
        deferred,  // tried, may be tried again
        failed,    // refused for good; offered again, it is tried again
    };

    std::string offer;
    std::string mail;       // StoredMail::id
    std::string recipient;  // as it was offered
    std::string route;      // "keep", "redirect", "spool", "drop", …
    std::string to;         // "lmtp:unix:/run/dovecot/lmtp", "box web", "ann@example.com"
    std::string rule;       // may be empty
    std::string why;
    Outcome outcome = Outcome::done;
    std::string reply;  // what the client was told: "250 2.0.0 <ann@example.com> saved"
    int attempts = 1;   // filled in by the store: counts the writes of this entry
    Time at{};          // of the last

    bool operator==(const JournalEntry&) const = default;
};
std::string_view to_string(JournalEntry::Outcome outcome);

// One later happening in the life of a mail: a lease, an acknowledgement, an attempt of the worker, a
// notification.
struct StoryLine {
    std::string mail;
    std::string recipient;  // empty: of the whole mail
    std::string event;      // one word: "leased", "acknowledged", "attempt", "notified", "expired"
    std::string text;
    Time at{};

    bool operator==(const StoryLine&) const = default;
};

// The journal's part of a transaction: what was done for which offer, and the story of each mail. Entries
// live for `keep`, then purge() forgets them: a mail with all its entries when the last one is that old and
// the mail is in no box and no job any more; lines of stories each by itself.
class Journal {
  public:
    virtual ~Journal() = default;

    // Those of the offers that have an entry, each once, in any order.
    virtual Result<std::vector<JournalEntry>> journal(const std::vector<std::string>& offers) = 0;
    // Writes entries of this mail; an earlier one of the same offer is replaced, and its attempts are counted
    // on. But `done` stays if another outcome comes after it, and `handed` if `deferred` does. Each offer
    // once: of several the last is written. The mail is written once, an earlier one of the same id stays.
    // From here to its end no other transaction writes of this mail: what journal() tells now stays true.
    virtual Result<void> put_journal(const StoredMail& mail, const std::vector<JournalEntry>& entries) = 0;
    virtual Result<void> add_story(const StoryLine& line) = 0;

    // Mails by our id (whole, or its first 8 digits or more), by queue id or by Message-ID (brackets or not),
    // the newest first, at most `limit`.
    virtual Result<std::vector<StoredMail>> find_mails(std::string_view id, std::size_t limit) = 0;
    virtual Result<std::vector<JournalEntry>> journal_of(
        std::string_view mail) = 0;                                              // in order of recipients
    virtual Result<std::vector<StoryLine>> story_of(std::string_view mail) = 0;  // in order of time
};

}  // namespace mailrota::store
