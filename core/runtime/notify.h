#pragma once

#include <string_view>

namespace mailrota::runtime {

// What systemd is told (sd_notify(3)); nothing happens outside a unit of Type=notify.
void notify_ready(std::string_view status);
void notify_reloading();
void notify_stopping();

}  // namespace mailrota::runtime
