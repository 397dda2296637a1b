#pragma once

#include <string>
#include <string_view>

namespace mailrota::ctl {

// What a test call says, in this language or its main language, else in English: that it is one, and that
// nothing has happened.
std::string_view test_phrase(std::string_view language);

}  // namespace mailrota::ctl
