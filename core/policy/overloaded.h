#pragma once

namespace mailrota::policy {

// One visitor for std::visit made of a function for each alternative.
template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
// clang 14 does not make this guide by itself.
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace mailrota::policy
