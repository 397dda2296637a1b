#pragma once

#include "ctl/console.h"
#include "ctl/pull_options.h"

namespace mailrota::ctl {

// `mailrota pull URL`: fetches what waits in a box of another host and gives it to the mail server here.
// Exit::fine if all went well or nothing was there, Exit::no if something was deferred or failed, Exit::away
// if the other host was not reached or refused us, Exit::busy if another puller has the done-list.
Exit pull(const PullRequest& request, Console& console);

}  // namespace mailrota::ctl
