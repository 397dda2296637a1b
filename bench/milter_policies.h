#pragma once

#include <string>

namespace mailrota::bench {

// Configurations of mailrota-milter; {socket} and {folder} are for Subject to fill in.

inline constexpr const char* recipient = "orders@bench.test";

// Rotas on exact addresses; that on `last` is the last.
std::string rotas(int count, const std::string& last);
// Rules on exact addresses, none of which is `recipient`.
std::string rules(int count);
// One rule on the text, which does not match.
std::string body_rule();
// Alert rules on the text; the last one looks for `word` at the start of a line.
std::string alert_rules(int count, const std::string& word = "no such word");

}  // namespace mailrota::bench
