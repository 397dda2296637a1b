#pragma once

#include <string>
#include <vector>

#include "core/store/boxes.h"
#include "ctl/table.h"

// A mail in a box in words. Addresses come without control characters.
namespace mailrota::ctl {

// Whether a puller has it.
bool is_leased(const store::BoxItem& item, store::Time now);
// Whether the next puller may get it.
bool is_free(const store::BoxItem& item, store::Time now);

// "leased until 10:10", "free", "rests until 10:15" after a puller could not deliver it, "expired".
std::string state_text(const store::BoxItem& item, store::Time now);

// The recipients who still wait.
std::vector<std::string> waiting_in(const store::BoxItem& item);

}  // namespace mailrota::ctl
