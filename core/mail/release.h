#pragma once

namespace mailrota::mail {

// Deleter of a std::unique_ptr that owns what a C library made: calls the library's own function.
template <auto release>
struct Release {
    template <class Thing>
    void operator()(Thing* thing) const {
        release(thing);
    }
};

}  // namespace mailrota::mail
