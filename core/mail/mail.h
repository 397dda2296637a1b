#pragma once

#include <chrono>
#include <string>

#include "core/mail/envelope.h"
#include "core/mail/keys.h"
#include "core/mail/message.h"

namespace mailrota::mail {

// Where a mail entered: which listener of ours, and whether its sender is trusted to speak for the house.
struct Origin {
    std::string listener;
    bool trusted = false;
};

// One mail on its way through us: what decide() looks at. A value.
struct Mail {
    MessageKey key;
    std::string queue_id;  // the MTA's, empty if it has not said
    Envelope envelope;
    Message message;
    Origin origin;
    std::chrono::sys_seconds arrived{};  // first arrival, by our clock
};

}  // namespace mailrota::mail
