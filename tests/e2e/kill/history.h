#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/mailrota_milter.h"

namespace mailrota::rig {

/// What follows `name` up to the next quotation mark from `at` on, which moves behind it; empty if there is
/// no more.
inline std::string next_value(std::string_view json, std::string_view name, std::size_t& at) {
    const auto start = json.find(name, at);
    if (start == std::string_view::npos) return {};
    at = json.find('"', start + name.size());
    return std::string(json.substr(start + name.size(), at - start - name.size()));
}

/// Whom `mailrota rota history --json` names, by Message-ID with its brackets: as local parts, one entry a turn.
inline std::map<std::string, std::vector<std::string>> turns_in(std::string_view json) {
    std::map<std::string, std::vector<std::string>> turns;
    for (std::size_t at = 0;;) {
        const auto target = next_value(json, R"("targets":[")", at);
        if (target.empty()) return turns;
        const auto id = next_value(json, R"("message_id":")", at);
        turns[id.starts_with('<') ? id : '<' + id + '>'].push_back(target.substr(0, target.find('@')));
    }
}

/// The same, asked of the milter's database.
inline std::map<std::string, std::vector<std::string>> history(const MailrotaMilter& milter) {
    const auto said = milter.mailrota({"rota", "history", "orders", "--limit", "100000", "--json"});
    EXPECT_EQ(said.exit_code, 0) << said.errors;
    return turns_in(said.output);
}

}  // namespace mailrota::rig
