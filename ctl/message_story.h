#pragma once

#include <string_view>
#include <vector>

#include "core/store/store.h"

namespace mailrota::ctl {

// Everything that the store knows of one mail. Of a mail that only the milter saw, it is the turns: then the
// mail has no id, and its arrival is that of the first turn.
struct MessageStory {
    store::StoredMail mail;
    std::vector<store::StoredTurn> turns;      // in order of time
    std::vector<store::JournalEntry> entries;  // in order of recipients
    std::vector<store::StoryLine> lines;       // in order of time
    std::vector<store::BoxItem> items;         // that wait for pullers
    std::vector<store::Job> jobs;              // that are not done
    std::vector<store::RelayAttempt> calls;    // to providers, the oldest first
    std::vector<store::StoredEvent> events;    // that providers told of it, in order of time
};

struct FoundMessages {
    std::vector<MessageStory> stories;  // the newest first
    bool more = false;                  // there are more than was asked for
};

// Mails by our id (or its first 8 digits or more), by queue id or by Message-ID. A turn of the milter and a
// mail of the LMTP target with the same queue id and Message-ID are one mail.
Result<FoundMessages> find_messages(store::Transaction& transaction, std::string_view id, std::size_t limit);

}  // namespace mailrota::ctl
