#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/mail/result.h"
#include "core/policy/network.h"

namespace mailrota::policy {

// A named list as its file stood when it was read: one entry a line, # begins a comment, blank lines are
// nothing. An entry is exact text, a glob, a network, or "@example.com" / ".example.com" for a domain / its
// subdomains. Immutable; reading the file and reading it again is the runtime's.
class NamedList {
  public:
    // From a file's text. Never fails: every line is an entry of some kind.
    static NamedList from_text(std::string name, std::string_view text);
    // A list whose file could not be read: every question is answered `unknown, passing`.
    static NamedList unreadable(std::string name, std::string why);

    const std::string& name() const { return name_; }
    bool readable() const { return why_.empty(); }
    const std::string& why() const { return why_; }
    // How many entries it has.
    std::size_t size() const { return size_; }
    // Whether a (folded) value is in the list. Only for a readable list.
    bool holds(std::string_view value) const;

  private:
    void add(std::string entry);
    bool holds_host(std::string_view value) const;

    std::string name_;
    std::string why_;
    std::size_t size_ = 0;
    std::unordered_set<std::string> exact_;
    std::unordered_set<std::string> domains_;
    std::unordered_set<std::string> subdomains_;  // with the leading dot
    std::vector<std::string> globs_;
    std::vector<Network> networks_;
};

}  // namespace mailrota::policy
