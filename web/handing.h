#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/store/boxes.h"
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

// 128 random bits, 32 hexadecimal digits.
std::string random_token();

}  // namespace mailrota::web
