#pragma once

#include <optional>
#include <string>
#include <vector>

#include "milter/edits.h"

namespace mailrota::milter {

struct HeaderEdits {
    std::vector<AddHeader> add;
    std::vector<DeleteHeader> remove;  // of each name from the last field to the first
};

// `edits` in the protocol's terms. `trace`, if given, becomes the mail's only trace header. Pure.
HeaderEdits header_edits(const mail::Message& message, const std::vector<policy::HeaderEdit>& edits,
                         const std::optional<std::string>& trace);

}  // namespace mailrota::milter
