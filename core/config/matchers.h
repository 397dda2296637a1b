#pragma once

#include <string>
#include <vector>

#include "core/config/draft.h"

namespace mailrota::config {

// Turns what a person writes beside a key of a condition into matchers: "text", "gl*b", "/pattern/flags", {
// list = "NAME" } or an array of them. Lives while one rule is read; remembers the captures of its patterns.
class MatcherReader {
  public:
    MatcherReader(const Draft& draft, Diagnostics& diagnostics) : draft_(draft), diagnostics_(diagnostics) {}

    // Empty if there is an error, which is told. `path` is the key as people know it.
    std::vector<policy::Matcher> read(const toml::node& node, const std::string& path, policy::Field field);

    // Whose Authentication-Results are believed; empty: nobody's.
    const std::string& authserv_id() const { return draft_.authserv_id; }

    // Names of the groups of every pattern so far.
    const std::vector<std::string>& captures() const { return captures_; }
    // A pattern below `not` gives no captures: drops those after the first `count`.
    void forget_captures(std::size_t count) { captures_.resize(count); }

  private:
    void read_one(const toml::node& node, const std::string& path, policy::Field field,
                  std::vector<policy::Matcher>& into);
    void read_text(const std::string& text, std::uint32_t line, const std::string& path, policy::Field field,
                   std::vector<policy::Matcher>& into);
    void read_list(const toml::table& table, const std::string& path, std::vector<policy::Matcher>& into);
    void read_pattern(const std::string& text, std::uint32_t line, const std::string& path,
                      std::vector<policy::Matcher>& into);
    void check_plain(const std::string& text, std::uint32_t line, const std::string& path,
                     policy::Field field);
    void check_address(const std::string& text, std::uint32_t line, const std::string& path);

    const Draft& draft_;
    Diagnostics& diagnostics_;
    std::vector<std::string> captures_;
};

// Whether a text beside `client` is meant as an IP address or network: it is one, or could be a slip for one.
bool reads_as_network(std::string_view text);

}  // namespace mailrota::config
