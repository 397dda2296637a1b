#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::wire {

// Writes the content of a mail as it stands between DATA's 354 and the reply (RFC 5321 section 4.5.2): dots
// at the beginning of lines doubled, CRLF at the end if the content has none, the final dot. A dot after a
// bare LF, which no content should have, is doubled as well: nothing in it can end the data for a lax server.
//
// The content comes in pieces, which may be cut anywhere; they and the vector must stay.
class DataWriter {
  public:
    explicit DataWriter(const std::vector<std::string_view>& pieces) : pieces_(&pieces) {}

    // Appends until `out` has about `most` bytes (a few more at most) or all is written, whichever comes
    // first.
    void write(std::string& out, std::size_t most);
    bool finished() const { return finished_; }  // the final dot is written

  private:
    std::size_t copy(std::string& out, std::string_view bytes);

    const std::vector<std::string_view>* pieces_;
    std::size_t piece_ = 0;
    std::size_t at_ = 0;  // in the piece
    char before_last_ = '\r';
    char last_ = '\n';  // of what was written; the content begins a line
    bool finished_ = false;
};

}  // namespace mailrota::wire
