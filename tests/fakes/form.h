#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/exchange.h"

namespace mailrota::fakes {

/// One part of multipart/form-data, or one field of an urlencoded body.
struct FormPart {
    std::string name;
    std::string value;
    std::string file_name;
    bool is_file = false;  ///< it has a file name, be it empty
};

/// The parts of a request's body; nothing if its Content-Type is neither form or its multipart is broken.
std::optional<std::vector<FormPart>> parse_form(const Request& request);

}  // namespace mailrota::fakes
