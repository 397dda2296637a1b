#pragma once

#include "core/mail/result.h"
#include "core/store/events.h"
#include "ctl/relay_commands.h"

namespace mailrota::ctl {

// Which events are asked for. An error (`invalid`) is one of usage: a type or a time that is none.
Result<store::Events::Filter> event_filter(const EventRequest& request);

}  // namespace mailrota::ctl
