#pragma once

#include "core/config/listener_settings.h"
#include "core/config/toml_reader.h"

namespace mailrota::config {

// The keys of [listener.NAME] that only LMTP and SMTP have; of another protocol they are told as errors. The
// common ones are read already.
void load_mail_listener(const Section& section, ListenerSettings& listener);

}  // namespace mailrota::config
