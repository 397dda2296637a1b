#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/text_rules.h"

namespace mailrota::bench {

/// The patterns of some rules as PCRE2 alone would search with them: compiled by its JIT, one after the
/// other, the first match each. Not for several threads at once.
class PlainPatterns {
  public:
    /// Throws std::runtime_error if one cannot be compiled.
    explicit PlainPatterns(const std::vector<RuleText>& rules);
    ~PlainPatterns();
    PlainPatterns(const PlainPatterns&) = delete;
    PlainPatterns& operator=(const PlainPatterns&) = delete;

    /// How many of them match, each where its rule looks.
    std::size_t matches(std::string_view text, std::string_view subject) const;

  private:
    struct Compiled;
    std::vector<Compiled> all_;
};

}  // namespace mailrota::bench
