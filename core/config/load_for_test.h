#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"

namespace mailrota::config {

// Loads a text as "m.toml"; the only list file that can be read is "vip.list".
inline Loaded load_text(std::string_view toml) {
    return load(toml, "m.toml", [](const std::string& path) -> Result<std::string> {
        if (path == "vip.list") return std::string("ann@example.com\n");
        return unavailable("No such file or directory");
    });
}

// Everything that is told of a text.
inline std::vector<std::string> messages(std::string_view toml) {
    std::vector<std::string> out;
    for (const Diagnostic& diagnostic : load_text(toml).diagnostics) out.push_back(diagnostic.to_string());
    return out;
}

// One text and what is told of it.
struct MessageCase {
    const char* name;
    const char* toml;
    std::vector<std::string> messages;
};

// The secrets of these texts begin with `word`: nothing that is told has it.
template <class Cases>
void expect_untold(const std::string& word, const Cases& cases) {
    std::size_t told = 0;
    for (const MessageCase& one : cases) {
        for (const std::string& message : messages(one.toml)) {
            EXPECT_EQ(message.find(word), std::string::npos) << message;
            ++told;
        }
    }
    EXPECT_GT(told, 0U);
}

// For gtest: "same member" is Config/RotaMessages.AreTold/same_member.
inline std::string case_name(const testing::TestParamInfo<MessageCase>& info) {
    std::string name = info.param.name;
    for (char& c : name) {
        if (c == ' ') c = '_';
    }
    return name;
}

}  // namespace mailrota::config
