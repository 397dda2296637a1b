#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/wire/message_content.h"

namespace mailrota::wire {

// Reads the chunks of one message that comes by BDAT (RFC 3030): bytes as they are, by count. CR and LF must
// stand together, also where a chunk ends between them; else the message is faulty. However the bytes are
// cut, the result is the same.
class ChunkReader {
  public:
    // Starts the next chunk of `size` bytes.
    void begin(std::uint64_t size) { left_ = size; }
    // Takes at most the rest of the chunk from the front of `bytes`; returns how many bytes that were.
    std::size_t take(std::string_view bytes, MessageContent& content);
    bool chunk_done() const { return left_ == 0; }
    // After the last chunk.
    void finish(MessageContent& content);

  private:
    void check_line_ends(std::string_view bytes, MessageContent& content);

    std::uint64_t left_ = 0;
    bool after_cr_ = false;
};

}  // namespace mailrota::wire
