#include "ctl/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mailrota::ctl {
namespace {

std::string printed(const std::string& text) {
    Table table({"A", "B"});
    table.add({text, "end"});
    std::ostringstream out;
    table.print(out, false);
    return out.str();
}

TEST(Table, AlignsItsColumns) { EXPECT_EQ(printed("fünf"), "A     B\nfünf  end\n"); }

TEST(Table, WhatAMailBringsTurnsNoLineAndSteersNoTerminal) {
    EXPECT_EQ(printed("a\x1b[2J\u0085\u202eb\u2066c\u200f\u061c"), "A         B\na [2J bc  end\n");
}

}  // namespace
}  // namespace mailrota::ctl
