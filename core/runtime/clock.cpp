#include "core/runtime/clock.h"

namespace mailrota::runtime {

Clock system_clock() {
    return [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
}

}  // namespace mailrota::runtime
