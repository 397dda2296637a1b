#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/config/config.h"
#include "core/store/store.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// What commands work on: the configuration and the store that it names.

// The configuration in `file`; its errors are told on `err`, then there is none. Warnings are left to
// `mailrota check`.
std::optional<config::Loaded> load_configuration(const std::string& file, Console& console);

// The store as it is: nothing is created or brought up to date, so that root does not end up owning what the
// daemon writes.
struct OpenedStore {
    std::unique_ptr<store::Store> store;
    bool stand_in = false;  // there is no database yet: an empty one in memory
};
Result<OpenedStore> open_for_looking(const config::Config& config);
// The same, for a change: that needs a database.
Result<std::unique_ptr<store::Store>> open_for_change(const config::Config& config);

// Says why there is no answer, and with which exit code to end.
Exit fail(Console& console, Exit exit, const std::string& text);
// The store's error.
Exit fail(Console& console, const Error& error);

}  // namespace mailrota::ctl
