#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mailrota::mail {

// Eight bytes of a text looked at in one step. What it says of a byte may be wrong where it is right of one
// before it: a "no" for all of them is certain, a "yes" wants a closer look.
class EightBytes {
  public:
    static constexpr std::size_t size = 8;

    // Of at least that many bytes.
    explicit EightBytes(const char* bytes) { std::memcpy(&value_, bytes, size); }

    bool all_ascii() const { return (value_ & high) == 0; }
    // The high bit of each byte that is below `limit`, which is at most 0x80.
    std::uint64_t below(unsigned char limit) const { return (value_ - limit * each) & ~value_ & high; }
    // Likewise of each that is `byte`.
    std::uint64_t equal(unsigned char byte) const {
        const std::uint64_t other = value_ ^ byte * each;
        return (other - each) & ~other & high;
    }

  private:
    static constexpr std::uint64_t each = 0x0101010101010101, high = 0x80 * each;

    std::uint64_t value_ = 0;
};

}  // namespace mailrota::mail
