#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

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
// What a command that only looks stands on. If it cannot be had, that has been told, and the exit code is
// given.
struct View {
    config::Loaded loaded;
    OpenedStore opened;
};
tl::expected<View, Exit> open_view(const std::string& config_file, Console& console);

// The same as open_for_looking, for a change: that needs a database.
Result<std::unique_ptr<store::Store>> open_for_change(const config::Config& config);

// What the store answers to one question, which takes a transaction and gives a Result; asked in a read of
// its own.
template <class Question>
auto ask(store::Store& store, Question question) {
    using Answer = std::invoke_result_t<Question&, store::Transaction&>;
    typename Answer::value_type answer{};
    const auto read = store.read([&](store::Transaction& transaction) -> Result<void> {
        Answer found = question(transaction);
        if (!found) return tl::unexpected(found.error());
        answer = *std::move(found);
        return {};
    });
    return read ? Answer(std::move(answer)) : Answer(tl::unexpected(read.error()));
}

// Says why there is no answer, and with which exit code to end.
Exit fail(Console& console, Exit exit, const std::string& text);
// The store's error.
Exit fail(Console& console, const Error& error);

}  // namespace mailrota::ctl
