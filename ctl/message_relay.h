#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "ctl/console.h"
#include "ctl/message_standing.h"
#include "ctl/message_story.h"

// What providers had to do with a mail.
namespace mailrota::ctl {

// How it stands with a recipient whom a provider has taken, by its last event about him; nothing if none has,
// or if the MTA still waits.
std::optional<Standing> with_a_provider(const MessageStory& story, const store::JournalEntry& entry);

// Calls, their answers and the providers' events, in no order.
void add_relayed(const MessageStory& story, std::vector<Happening>& happenings);

// Each call with its answer and what it came to for each recipient; nothing if there was none.
void print_calls(const MessageStory& story, Console& console);

boost::json::object to_json(const store::RelayAttempt& call);

}  // namespace mailrota::ctl
