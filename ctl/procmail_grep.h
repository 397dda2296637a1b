#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::ctl {

// What grep and cut take from the mail: one line, and fields of it.
struct GrepCut {
    std::string pattern;  // of grep
    std::size_t first = 0;
    std::size_t last = 0;
};

// "`… grep -m 1 "PATTERN" | cut -d " " -f 7,8 …`"; nothing if it is none.
std::optional<GrepCut> grep_cut_of(std::string_view command);

// One line that grep looks for, with the captures that are wanted of it.
class GrepLine {
  public:
    explicit GrepLine(const std::string& basic_pattern);

    // False: the fields are not such that a capture could take them; then nothing has changed.
    bool capture(const GrepCut& cut, const std::string& name);
    // "/Issue #(?<issue>[0-9]*) by (?<who>.+?)\.?\s*$/im"
    std::string pattern() const;

  private:
    bool take(const GrepCut& cut, const std::string& name);

    std::vector<std::string> words_;
    std::string tail_;
};

}  // namespace mailrota::ctl
