#pragma once

#include <string>
#include <vector>

#include "ctl/message_story.h"

namespace mailrota::ctl {

// How it stands with one recipient now, by all that the store knows.
struct Standing {
    enum class Kind {
        settled,  // delivered, put where it belongs, dropped as a rule said
        waits,    // for a puller, for the worker, or for the MTA to try again
        lost,     // refused, failed for good, expired
        unknown,  // the story ends before that
    };

    Kind kind = Kind::unknown;
    std::string text;  // "delivered", "waits in box web: free", "waits for the worker: job 7, due in 5m"
};
Standing standing_of(const MessageStory& story, const store::JournalEntry& entry, store::Time now);
std::string_view to_string(Standing::Kind kind);

// Whether the entry is of an address that a redirected mail or a copy was sent to, not of a recipient.
bool is_sent_on(const store::JournalEntry& entry);

// Something that happened to a mail.
struct Happening {
    store::Time at{};
    std::string recipient;  // empty: the whole mail
    std::string event;      // one word
    std::string text;
};
// All that is known, in order of time: arrival, turns, what was done at once, then the story's lines.
std::vector<Happening> happenings(const MessageStory& story);

}  // namespace mailrota::ctl
