#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailrota::wire {

// The bytes of one message as they come in, up to a limit. A message with a fault is counted to its end but
// not kept: the memory is given back with the first fault.
class MessageContent {
  public:
    enum class Fault {
        none,
        bare_line_end,  // a CR or a LF without the other; outranks too_big
        too_big,
    };

    // Starts a message of at most `limit` bytes. `expected` is what the client said, 0 if nothing: memory is
    // taken for that much, but for no more than 1 MB ahead of the bytes.
    void begin(std::uint64_t limit, std::uint64_t expected);
    void append(std::string_view bytes);
    void found_bare_line_end();

    Fault fault() const { return fault_; }
    // Leaves it empty.
    std::string take();

  private:
    void spoil(Fault fault);

    std::string bytes_;
    std::uint64_t limit_ = 0;
    std::uint64_t size_ = 0;
    Fault fault_ = Fault::none;
};

}  // namespace mailrota::wire
