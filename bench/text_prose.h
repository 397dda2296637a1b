#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace mailrota::bench {

/// One paragraph of a thread.
struct Paragraph {
    std::size_t depth = 0;  ///< of quoting; the paragraphs of a thread never become less deep
    std::string text;       ///< one line, UTF-8
};

/// Words, always the same ones for one seed, with here and there one that alert rules look for.
class Prose {
  public:
    explicit Prose(std::uint32_t seed) : random_(seed) {}

    std::string sentence();
    /// An answer and the four mails before it, about this many bytes.
    std::vector<Paragraph> thread(std::size_t bytes);
    /// Lines such as programs write, each ended by LF.
    std::string log(std::size_t bytes);
    /// Bytes without any order.
    std::string file(std::size_t bytes);

  private:
    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

    std::mt19937 random_;
};

/// How a client shows a thread: lines of at most 72 bytes behind ">" marks, or HTML as Gmail makes it. Lines
/// end in LF.
std::string as_plain(const std::vector<Paragraph>& thread);
std::string as_html(const std::vector<Paragraph>& thread);

}  // namespace mailrota::bench
