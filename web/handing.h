#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/store/store.h"
#include "web/box_pages.h"

namespace mailrota::web {

// Mails that were leased for one answer.
struct BoxPages::Handing {
    std::string box;
    std::string token;
    std::string puller;
    store::Time until{};
    std::vector<store::BoxItem> items;
    std::uint64_t left = 0;  // free items that stay behind
};

// The mail's bytes; nothing if the store has lost them.
Result<std::optional<std::string>> bytes_of(store::Transaction& transaction, const store::BoxItem& item);

}  // namespace mailrota::web
