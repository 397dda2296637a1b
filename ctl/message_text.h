#pragma once

#include <boost/json/object.hpp>

#include "ctl/console.h"
#include "ctl/message_story.h"

namespace mailrota::ctl {

// The whole story for people: what mail it is, how it stands with each recipient, what happened when, what
// waits now.
void print_text(const MessageStory& story, Console& console);

// The same for programs.
boost::json::object to_json(const MessageStory& story, store::Time now);

}  // namespace mailrota::ctl
