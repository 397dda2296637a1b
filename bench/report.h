#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mailrota::bench {

/// What a bench found, for programs: rows of named values, written as one JSON array of objects. One owner.
class Report {
  public:
    using Value = std::variant<double, std::string>;
    using Row = std::vector<std::pair<std::string, Value>>;

    void add(Row row) { rows_.push_back(std::move(row)); }
    /// Throws std::runtime_error if the file cannot be written; nothing is done with an empty name.
    void write_to(const std::string& file) const;

  private:
    std::vector<Row> rows_;
};

}  // namespace mailrota::bench
