#pragma once

#include <optional>
#include <string>
#include <string_view>
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

// A field name without anything that RFC 5322 forbids in one; may come out empty.
std::string clean_header_name(std::string_view name);

// A value that no MTA can misread: without CR, NUL and other controls, line ends folded by LF and TAB, no
// line over 998 bytes (the first one counted with its name), text outside ASCII as encoded words (RFC 2047).
std::string clean_header_value(std::string_view name, std::string_view value);

}  // namespace mailrota::milter
