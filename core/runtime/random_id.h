#pragma once

#include <string>

namespace mailrota::runtime {

// 128 random bits as 32 small hexadecimal digits: an id that nobody guesses, and no two are the same. A
// process that gets no random bits ends. Thread-safe.
std::string random_id();

}  // namespace mailrota::runtime
