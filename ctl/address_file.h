#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace mailrota::ctl {

// One address that a file gives, or what stands in its place.
struct ListedAddress {
    std::size_t line = 0;  // 1-based; where its record begins
    std::string address;   // not looked at yet
    std::string detail;    // of a column reason, error or description; may be empty
};

// Reads addresses as people and providers keep them: one a line, where empty lines and lines that begin with
// "#" are skipped; or CSV (RFC 4180; parted by commas, semicolons or tabs) whose first line names its
// columns, of which one is "email", "address", "recipient" or the like. One record is in memory at a time,
// and no more than `longest_record` bytes of it.
//
// `in` outlives it.
class AddressFile {
  public:
    static constexpr std::size_t longest_record = 65'536;

    explicit AddressFile(std::istream& in);

    // Nothing at the end. An address that is empty stands in a record that has none.
    std::optional<ListedAddress> next();
    // Lines so far.
    std::size_t lines() const { return lines_; }
    // The first line looks like a header of CSV, but names no column of addresses.
    bool without_column() const { return without_column_; }

  private:
    std::optional<std::string> read_line();
    // A record's fields; a quoted one may go on over lines.
    std::vector<std::string> read_record(const std::string& first);
    void read_header();
    ListedAddress from_record(const std::vector<std::string>& fields, std::size_t line) const;

    std::istream& in_;
    std::size_t lines_ = 0;
    std::optional<std::string> ahead_;  // the first line, if it is no header
    char delimiter_ = 0;                // 0: no CSV
    std::size_t address_column_ = 0;
    std::optional<std::size_t> detail_column_;
    bool without_column_ = false;
};

}  // namespace mailrota::ctl
